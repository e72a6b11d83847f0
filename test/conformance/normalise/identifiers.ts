// Ids of containers, networks, images, swarm objects, whole or shortened, and device names made of them.

import { found, replaced } from '../unicode.ts'
import { digits, type Numbering } from './numbering.ts'

const LONG = /(?<![0-9A-Za-z])(?:[0-9a-f]{64}|(?=[0-9]*[a-z])[a-z0-9]{25})(?![0-9A-Za-z])/g
const SHORT_HEX = /(?<![0-9A-Za-z])[0-9a-f]{12}(?![0-9A-Za-z])/g
const SHORT = /(?<![0-9A-Za-z])[0-9a-z]{12}(?![0-9A-Za-z])/g
const FIRST_COLUMN = /^(\| )(?=[a-z]*[0-9])(?=[0-9]*[a-z])([0-9a-z]{12})(?=[ *])/g
const JOIN_TOKEN = /SWMTKN-1-[0-9a-z]{50}-[0-9a-z]{25}/g
/** Names the overlay driver makes from the first characters of a network id. */
const OVERLAY_NAME = /\b((?:[0-9]+-|lb_|v[xh]-[0-9a-f]{6}-|ov-[0-9a-f]{6}-))([0-9a-z]{5,10})\b/g

const SHORT_LENGTH = 12

/** Replaces the ids of one line; `text` is the whole transcript, where each id stands in full. */
export function identifierReplacer(text: string, numbering: Numbering): (line: string) => string {
  const longByShort = new Map<string, string>()
  for (const long of text.match(LONG) ?? []) {
    const short = long.slice(0, SHORT_LENGTH)
    if (!longByShort.has(short)) longByShort.set(short, long)
  }

  const filled = (key: string, width: number) =>
    `N${digits(numbering.number('id', key), 3)}`.padEnd(width, 'x')
  const placeholder = (id: string) => filled(id.slice(0, SHORT_LENGTH), id.length)

  const overlayName = (whole: string, before = '', start = '') => {
    for (const short of longByShort.keys()) {
      if (short.startsWith(start)) return before + placeholder(short).slice(0, start.length)
    }
    const isId = start.length === 10 && found(/\d/, start) && /[a-z]/.test(start)
    return isId ? before + filled(start, 10) : whole
  }

  return (line) => {
    let result = line.replace(JOIN_TOKEN, 'SWMTKN-1-TOKEN').replace(LONG, placeholder)
    result = result.replace(SHORT_HEX, (id) =>
      /[a-f]/.test(id) || longByShort.has(id) ? placeholder(id) : id,
    )
    // A short swarm id: a known prefix anywhere, or the first column of a table.
    result = result.replace(SHORT, (id) => (longByShort.has(id) ? placeholder(id) : id))
    result = result.replace(FIRST_COLUMN, (_, before: string, id: string) => before + placeholder(id))
    return replaced(result, OVERLAY_NAME, overlayName)
  }
}
