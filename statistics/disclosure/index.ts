/** Disclosure: small groups stay hidden, also from somebody who subtracts. */
export { auditDisclosure, type AuditedCell, type DisclosureAudit, type DisclosureRule } from './audit.ts'
export { suppress, type Suppression } from './suppress.ts'
export { marginTable, type TableCell, type TableSum, type TableWithTotals } from './table.ts'
