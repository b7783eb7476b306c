/** Makes the planted-truth company, block by block: a block of customers and all they do depends on the seed and its number only. */
import { orderAnswersOf, relationshipAnswersOf, wavesOf } from './answers.ts'
import type { Company, Size, Store } from './company.ts'
import { contactsOf } from './contacts.ts'
import { Dice } from './dice.ts'
import { lifeOf } from './lives.ts'
import { type Person, personOf } from './people.ts'
import { placesOf } from './places.ts'
import { type Plan, plans } from './plan.ts'
import { postsOf } from './posts.ts'
import { type Counter, serviceOf } from './service.ts'
import { emptyTally, merge, type Tally, tallyAttitude, tallyOrder } from './tally.ts'
import { truthOf } from './truth.ts'

type Lists = Pick<
  Company,
  'customers' | 'contacts' | 'orders' | 'calls' | 'tickets' | 'submissions' | 'posts'
>
type Mutable<T> = { [K in keyof T]: T[K] extends readonly (infer Item)[] ? Item[] : T[K] }

/** Some customers with everything they did; ids are unique over all blocks. */
export type CompanyBlock = Lists & { readonly tally: Tally }

/**
 * The whole company in memory, every list in order of time. `tiny` takes a tenth of a second, `small` one or two. `large` (3.6 million
 * orders, 1.5 million questionnaires with 10.1 million answers) takes minutes and 3.7 GB: give Node `--max-old-space-size=6000`,
 * or stream it with `companyBlocks`.
 */
export function generateCompany({ seed, size }: { seed: number; size: Size }): Company {
  const plan = plans[size]
  const lists = emptyLists()
  const tally = emptyTally()
  for (const block of companyBlocks({ seed, size })) {
    for (const name of listNames) append(lists[name], block[name])
    merge(tally, block.tally)
  }
  lists.contacts.sort((a, b) => +a.updatedAt - +b.updatedAt)
  lists.orders.sort((a, b) => +a.orderedAt - +b.orderedAt)
  lists.calls.sort((a, b) => +a.startedAt - +b.startedAt)
  lists.tickets.sort((a, b) => +a.createdAt - +b.createdAt)
  lists.submissions.sort((a, b) => +a.submittedAt - +b.submittedAt)
  lists.posts.sort((a, b) => +a.createdAt - +b.createdAt)
  const company = {
    seed,
    size,
    from: new Date(plan.from),
    to: new Date(plan.to),
    stores: placesOf(plan),
    ...lists,
  }
  return { ...company, truth: truthOf(company, tally) }
}

/** The same company one block of customers at a time: memory stays at one block (20,000 customers), whatever the size. */
export function* companyBlocks({ seed, size }: { seed: number; size: Size }): Generator<CompanyBlock> {
  const plan = plans[size]
  const stores = placesOf(plan)
  for (let block = 0; block < plan.blocks; block += 1) yield blockOf(seed, block, plan, stores)
}

function blockOf(seed: number, block: number, plan: Plan, stores: readonly Store[]): CompanyBlock {
  const lists = emptyLists()
  const tally = emptyTally()
  const counter: Counter = { ticket: 1_000 + block * 1_000_000, call: 10_000 + block * 1_000_000 }
  const waves = wavesOf(plan)
  for (let k = 0; k < plan.customersPerBlock; k += 1) {
    const person = personOf(seed, block * plan.customersPerBlock + k, plan, stores)
    live(seed, person, plan, counter, lists, tally)
    tallyAttitude(tally, person, waves.filter((wave) => person.firstOrderAt < wave).length)
  }
  lists.posts.push(...postsOf(seed, block, plan))
  return { ...lists, tally }
}

function live(
  seed: number,
  person: Person,
  plan: Plan,
  counter: Counter,
  lists: Mutable<Lists>,
  tally: Tally,
): void {
  const life = lifeOf(new Dice(seed, 5, person.index), person, plan)
  const answering = new Dice(seed, 6, person.index)
  const service = serviceOf(new Dice(seed, 7, person.index), person, life.experiences, plan, counter)
  const { index: _index, large: _large, usualChannel: _channel, firstOrderAt: _first, ...customer } = person
  lists.customers.push(customer)
  lists.contacts.push(...contactsOf(seed, person, plan))
  lists.orders.push(...life.experiences.map(({ order }) => order), ...life.mistakes)
  lists.submissions.push(...orderAnswersOf(answering, person, life.experiences, plan))
  lists.submissions.push(...relationshipAnswersOf(answering, person, plan))
  lists.tickets.push(...service.tickets)
  lists.calls.push(...service.calls)
  for (const experience of life.experiences) tallyOrder(tally, experience, plan)
}

const listNames = ['customers', 'contacts', 'orders', 'calls', 'tickets', 'submissions', 'posts'] as const

function emptyLists(): Mutable<Lists> {
  return { customers: [], contacts: [], orders: [], calls: [], tickets: [], submissions: [], posts: [] }
}

function append(list: unknown[], more: readonly unknown[]): void {
  for (const item of more) list.push(item)
}
