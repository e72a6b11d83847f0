// Numbers for things in order of first occurrence, apart for each kind of thing.

export type Kind = 'id' | 'mac' | 'port' | 'name' | 'inode' | 'veth'

export interface Numbering {
  /** The number of this thing; a new thing gets the next one. */
  number(kind: Kind, key: string): number
  /** The things of a kind that have a number, in order. */
  known(kind: Kind): Iterable<[string, number]>
}

export function createNumbering(): Numbering {
  const tables = new Map<Kind, Map<string, number>>()
  const table = (kind: Kind) => {
    const existing = tables.get(kind) ?? new Map<string, number>()
    tables.set(kind, existing)
    return existing
  }
  return {
    number(kind, key) {
      const numbers = table(kind)
      const number = numbers.get(key) ?? numbers.size + 1
      numbers.set(key, number)
      return number
    },
    known: (kind) => table(kind),
  }
}

export function digits(number: number, width: number): string {
  return String(number).padStart(width, '0')
}
