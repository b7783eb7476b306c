#!/usr/bin/env node
/** The `saydo` command. */
const [major = 0] = process.versions.node.split('.').map(Number)
if (major < 24) {
  console.error(
    `[saydo] Node ${process.versions.node} cannot run TypeScript; use \`npx saydo\`, which brings Node 24.`,
  )
  process.exit(2)
}

const { runProgram } = await import('#commands/program.ts')
process.exit(await runProgram(process.argv.slice(2)))
