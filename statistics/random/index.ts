/** Randomness that can be repeated. */
export { type Random, seeded } from './seeded.ts'
