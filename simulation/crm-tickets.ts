/** Which of a company's tickets live in the CRM's chat inbox and not at the help desk: every ticket is in one system only. */
import type { Ticket } from './company.ts'

/** Chats nobody rated; ratings belong to the help desk, and so do deleted tickets, which a CRM's search does not find. */
export function isCrmTicket({ channel, rating, status }: Ticket): boolean {
  return channel === 'chat' && rating === null && status !== 'deleted'
}
