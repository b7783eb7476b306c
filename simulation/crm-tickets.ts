/** Which of a company's tickets live in the CRM's chat inbox and not at the help desk: every ticket is in one system only. */
import type { Ticket } from './company.ts'

/** Chats nobody rated; ratings belong to the help desk. */
export function isCrmTicket({ channel, rating }: Ticket): boolean {
  return channel === 'chat' && rating === null
}
