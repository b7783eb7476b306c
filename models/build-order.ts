/** Models in the order they can be built: level by level, each needing only the levels before it. */
import { auditReads } from './audit.ts'
import { checkModels } from './check-models.ts'
import type { Model } from './define-model.ts'
import { ModelGraphBroken } from './model-graph-broken.ts'

export { ModelGraphBroken } from './model-graph-broken.ts'

/** Throws ModelGraphBroken naming the cycle, the name given twice, the unknown table and who reads it, or the column a model cannot be cut or read by. */
export function buildOrder(models: readonly Model[]): Model[][] {
  const names = new Set<string>()
  for (const { name } of models) {
    if (names.has(name)) throw new ModelGraphBroken(`two models are called ${name}; rename one.`)
    names.add(name)
  }
  for (const model of models) {
    const unknown = needs(model).filter((table) => !names.has(table))
    if (unknown.length > 0)
      throw new ModelGraphBroken(`${model.name} reads ${unknown.join(', ')}, which no model builds.`)
  }
  checkModels(models)
  const levels: Model[][] = []
  const done = new Set<string>()
  let waiting = [...models]
  while (waiting.length > 0) {
    const ready = waiting.filter((model) => needs(model).every((table) => done.has(table)))
    if (ready.length === 0)
      throw new ModelGraphBroken(`the models wait for each other: ${cycle(waiting).join(' → ')}.`)
    levels.push(ready)
    for (const model of ready) done.add(model.name)
    waiting = waiting.filter((model) => !done.has(model.name))
  }
  return levels
}

/** What must be built first: the tables a model reads, and those its audits compare it with. */
function needs(model: Model): string[] {
  return [...new Set([...model.reads, ...model.audits.flatMap(auditReads)])]
}

function cycle(waiting: readonly Model[]): string[] {
  const byName = new Map(waiting.map((model) => [model.name, model]))
  const path: string[] = []
  let next = waiting[0]?.name
  while (next !== undefined && !path.includes(next)) {
    path.push(next)
    const model = byName.get(next)
    next = model && needs(model).find((table) => byName.has(table))
  }
  return next === undefined ? path : [...path.slice(path.indexOf(next)), next]
}
