/**
 * The statistics room at the sizes of a nightly run: driver weights, their jackknife, decompositions, store intervals.
 * Times are medians of processor milliseconds on one core; LMG is timed in the same run against R (relaimpo where it is installed,
 * else all subsets in base R) and the weights are compared. `--set segments=12 --set buckets=200` sizes the jackknife.
 */
import { spawnSync } from 'node:child_process'
import { accepted } from '#statistics/accepted.ts'
import {
  adjustedWald,
  adtributor,
  aipw,
  crossClassified,
  dasGupta,
  kitagawa,
  keyDrivers,
  lmg,
  momentsFromRows,
  type Random,
  seeded,
} from '#statistics/index.ts'
import type { BenchOptions, Figures } from './index.ts'

export async function bench({ settings, say }: BenchOptions): Promise<Figures> {
  const random = seeded(20_261_122)
  const segments = Number(settings['segments'] ?? 12)
  const buckets = Number(settings['buckets'] ?? 200)
  say('LMG of 16 and 20 drivers')
  const [sixteen, twenty] = [correlations(random, 16), correlations(random, 20)]
  const figures: Figures = {
    lmg_16_drivers_ms: median(9, () => accepted(lmg(sixteen))),
    lmg_20_drivers_ms: median(5, () => accepted(lmg(twenty))),
  }
  say('LMG of 12 drivers against R')
  Object.assign(figures, againstR(correlations(random, 12)))
  say('10,000 cells')
  Object.assign(figures, tenThousandCells(random))
  const stores = Array.from({ length: 1000 }, () => {
    const [promoters = 0, passives = 0, detractors = 0] = random.multinomial(
      random.integer(5, 400),
      [5, 3, 2],
    )
    return { promoters, passives, detractors }
  })
  figures['nps_intervals_1000_stores_ms'] = median(9, () =>
    stores.map((store) => accepted(adjustedWald(store))),
  )
  say(`jackknife of 16-driver LMG: ${segments} segments × ${buckets} buckets`)
  Object.assign(figures, jackknife(random, segments, buckets, say))
  return figures
}

type Survey = { drivers: number[][]; outcome: number[] }

/** Correlations of p drivers with one common mood, as a survey has them. */
function correlations(random: Random, p: number): Survey {
  const loadings = Array.from({ length: p }, () => 0.4 + 0.4 * random.uniform())
  const between = (i: number, j: number) => (i === j ? 1 : (loadings[i] ?? 0) * (loadings[j] ?? 0))
  return {
    drivers: loadings.map((_, i) => loadings.map((_, j) => between(i, j))),
    outcome: loadings.map((loading) => 0.8 * loading),
  }
}

function tenThousandCells(random: Random): Figures {
  const cells = Array.from({ length: 10_000 }, (_, i) => {
    const n = random.integer(2, 60)
    const sum = random.binomial(n, 0.3 + 0.2 * (i % 2))
    return { stratum: String(i >> 1), treated: i % 2 === 1, n, sum, sumOfSquares: sum }
  })
  const period = () => ({ size: random.integer(1, 500), score: random.normal(30, 20) })
  const segments = Array.from({ length: 10_000 }, (_, i) => ({
    segment: String(i),
    before: period(),
    after: period(),
  }))
  const vector = () => Array.from({ length: 10_000 }, () => random.uniform())
  const populations = ['before', 'after'].map((name) => ({
    name,
    factors: { a: vector(), b: vector(), c: vector() },
  }))
  const crossed = ['before', 'after'].map((name) => ({
    name,
    cells: Array.from({ length: 5000 }, (_, i) => ({
      by: { store: i % 1000, channel: Math.floor(i / 1000) },
      size: random.integer(1, 90),
      rate: random.normal(30, 20),
    })),
  }))
  const elements = segments.map(({ segment, before, after }) => ({
    element: segment,
    forecast: before.size,
    actual: after.size,
  }))
  return {
    aipw_10k_cells_ms: median(9, () => accepted(aipw({ cells }))),
    kitagawa_10k_segments_ms: median(9, () => accepted(kitagawa(segments))),
    das_gupta_3_factors_10k_cells_ms: median(9, () => accepted(dasGupta({ populations }))),
    cross_classified_10k_cells_ms: median(9, () => accepted(crossClassified(crossed))),
    adtributor_10k_elements_ms: median(9, () =>
      accepted(adtributor({ dimensions: [{ dimension: 'store', elements }] })),
    ),
  }
}

function jackknife(random: Random, segments: number, buckets: number, say: BenchOptions['say']): Figures {
  const variables = [...Array.from({ length: 16 }, (_, i) => `driver ${i}`), 'overall']
  const tables = Array.from({ length: segments }, () => {
    const rows = Array.from({ length: buckets * 5 }, (_, i) => {
      const mood = random.normal()
      return { bucket: i % buckets, values: variables.map(() => mood + random.normal()) }
    })
    return accepted(momentsFromRows({ variables, rows }))
  })
  const [started, used] = [performance.now(), cpu()]
  let calls = 0
  for (const [segment, moments] of tables.entries()) {
    accepted(keyDrivers({ moments, outcome: 'overall', onProgress: () => calls++ }))
    say(`segment ${segment + 1} of ${segments}, ${((performance.now() - started) / 1000).toFixed(1)} s`)
  }
  return {
    jackknife_lmg_16_seconds: rounded((cpu() - used) / 1000),
    jackknife_wall_seconds: rounded((performance.now() - started) / 1000),
    jackknife_size: `${segments} segments × ${buckets} buckets`,
    jackknife_progress_calls: calls,
  }
}

/** R times itself, so that its start does not count. */
function againstR(survey: Survey): Figures {
  const ours = median(9, () => accepted(lmg(survey)))
  const { drivers, outcome } = survey
  const matrix = [[1, ...outcome], ...drivers.map((row, i) => [outcome[i] ?? 0, ...row])]
  const script = `
    r <- matrix(c(${matrix.flat().join(',')}), ${matrix.length})
    p <- nrow(r) - 1
    if (requireNamespace('relaimpo', quietly = TRUE)) {
      by <- paste('relaimpo', packageVersion('relaimpo'))
      time <- system.time(w <- relaimpo::calc.relimp(r, type = 'lmg')@lmg)[['elapsed']]
    } else {
      by <- paste(R.version.string, 'all subsets')
      time <- system.time({
        sets <- lapply(0:(2^p - 1), function(m) which(bitwAnd(m, 2^(0:(p - 1))) > 0))
        r2 <- sapply(sets, function(s) if (length(s) == 0) 0 else sum(r[1, s + 1] * solve(r[s + 1, s + 1, drop = FALSE], r[1, s + 1])))
        size <- lengths(sets)
        w <- sapply(1:p, function(i) {
          without <- which(bitwAnd(0:(2^p - 1), 2^(i - 1)) == 0)
          sum((r2[without + 2^(i - 1)] - r2[without]) / choose(p - 1, size[without])) / p
        })
      })[['elapsed']]
    }
    cat(by, time, paste(sprintf('%.17g', w), collapse = ','), sep = '|')`
  const { status, stdout } = spawnSync(process.env['SAYDO_RSCRIPT'] ?? 'Rscript', ['-e', script], {
    encoding: 'utf8',
  })
  if (status !== 0) return { lmg_12_drivers_ms: ours, r_lmg_12_drivers: 'R is not installed' }
  const [by = '', seconds = '', weights = ''] = stdout.split('|')
  const theirs = weights.split(',').map(Number)
  const off = accepted(lmg(survey)).weights.map((weight, i) => Math.abs(weight - (theirs[i] ?? Number.NaN)))
  return {
    lmg_12_drivers_ms: ours,
    r_lmg_12_drivers: by,
    r_lmg_12_drivers_ms: Number(seconds) * 1000,
    r_over_ours: rounded((Number(seconds) * 1000) / ours),
    r_largest_deviation: Math.max(...off),
  }
}

/**
 * Median processor time of one run in milliseconds; other programs on the machine do not count. Short runs are timed in
 * batches, as the clock of the processor is coarse.
 */
function median(times: number, run: () => unknown): number {
  const warm = performance.now() + 300
  let batch = 0
  const started = cpu()
  do run()
  while (++batch && performance.now() < warm)
  const size = Math.max(1, Math.ceil((40 * batch) / Math.max(1, cpu() - started)))
  const taken = Array.from({ length: times }, () => {
    const from = cpu()
    for (let i = 0; i < size; i++) run()
    return (cpu() - from) / size
  }).sort((a, b) => a - b)
  return rounded(taken[Math.floor(times / 2)] ?? Number.NaN)
}

function cpu(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

function rounded(value: number): number {
  return Number(value.toPrecision(4))
}
