/** The dirty copies of a customer that systems hold: duplicates, missing parts, upper case, full-width forms, placeholder numbers. */
import type { ContactRecord } from './company.ts'
import { Dice } from './dice.ts'
import { DAY, type Plan } from './plan.ts'
import type { Person } from './people.ts'

/** Typed by staff when a customer gives none: hundreds of strangers share it, and it joins nobody. */
export const placeholderPhone = '13800138000'
export const placeholderEmail = 'none@example.com'

/** One record per customer, and a second one for about every eighth. */
export function contactsOf(seed: number, person: Person, plan: Plan): ContactRecord[] {
  const dice = new Dice(seed, 3, person.index)
  const first = contactOf(dice, person, plan, 0)
  return dice.chance(0.12) ? [first, contactOf(dice, person, plan, 1)] : [first]
}

function contactOf(dice: Dice, person: Person, plan: Plan, copy: number): ContactRecord {
  const earliest = copy === 0 ? Math.max(person.joinedAt.getTime(), plan.from - 1_000 * DAY) : plan.from
  const createdAt =
    copy === 0 ? earliest : dice.between(Math.max(earliest, person.joinedAt.getTime()), plan.to)
  const updatedAt = dice.chance(0.4) ? dice.between(createdAt, plan.to) : createdAt
  const email = dice.chance(0.1) ? null : dirtyEmail(dice, person.email)
  const phone = dice.chance(0.12) ? null : dirtyPhone(dice, person.phone)
  const memberId = dice.chance(copy === 0 ? 0.3 : 0.6) ? null : dirtyMemberId(dice, person.id)
  const placed = email === placeholderEmail || phone === placeholderPhone
  return {
    id: String(100_000 + person.index * 2 + copy),
    customerId: person.id,
    name: dice.chance(0.05) ? null : person.name,
    email,
    phone,
    // Somebody without any key of their own would be a second person to every reader.
    memberId: memberId ?? (placed || (email === null && phone === null) ? person.id : null),
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
  }
}

export function dirtyEmail(dice: Dice, email: string): string {
  const style = dice.weigh([60, 12, 10, 7, 10, 0.3])
  if (style === 1) return email.toUpperCase()
  if (style === 2) return email.charAt(0).toUpperCase() + email.slice(1)
  if (style === 3) return fullWidth(email)
  if (style === 4) return ` ${email} `
  return style === 5 ? placeholderEmail : email
}

export function dirtyPhone(dice: Dice, phone: string): string {
  const [a, b, c] = [phone.slice(0, 3), phone.slice(3, 7), phone.slice(7)]
  const style = dice.weigh([45, 20, 6, 9, 12, 7, 0.6])
  if (style === 1) return `+86 ${a} ${b} ${c}`
  if (style === 2) return `86-${phone}`
  if (style === 3) return fullWidth(phone)
  if (style === 4) return `${a} ${b} ${c}`
  if (style === 5) return `(${a}) ${b}-${c}`
  return style === 6 ? placeholderPhone : phone
}

function dirtyMemberId(dice: Dice, id: string): string {
  const style = dice.weigh([80, 10, 5, 5])
  if (style === 1) return id.toLowerCase()
  if (style === 2) return ` ${id}`
  return style === 3 ? fullWidth(id) : id
}

/** ASCII in the double-width forms that Chinese input methods produce: `A1@` becomes `Ａ１＠`. */
export function fullWidth(text: string): string {
  return text.replaceAll(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0))
}
