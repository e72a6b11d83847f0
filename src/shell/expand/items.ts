/** What an expansion yields before it is split: runs of text that remember whether they were quoted. */

export interface Piece {
  readonly text: string
  readonly quoted: boolean
}

export type Item =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean; readonly split: boolean }
  /** A field ends here whatever IFS says (`"$@"`). */
  | { readonly kind: 'break' }

export type Field = Piece[]

export function literal(text: string): Item {
  return { kind: 'text', text, quoted: false, split: false }
}
export function quoted(text: string): Item {
  return { kind: 'text', text, quoted: true, split: false }
}
export function splittable(text: string): Item {
  return { kind: 'text', text, quoted: false, split: true }
}

export function fieldText(field: Field): string {
  let text = ''
  for (const piece of field) text += piece.text
  return text
}

export function itemsText(items: readonly Item[]): string {
  let text = ''
  for (const item of items) text += item.kind === 'break' ? ' ' : item.text
  return text
}

/** Word splitting: unquoted expansions are cut at the characters of IFS. bash(1) "Word Splitting" */
export function splitFields(items: readonly Item[], ifs: string): Field[] {
  const fields: Field[] = []
  let current: Field | null = null
  const finish = (): void => {
    if (current !== null) fields.push(current)
    current = null
  }
  for (const item of items) {
    if (item.kind === 'break') {
      finish()
      continue
    }
    if (!item.split || ifs === '') {
      if (item.split && item.text === '') continue
      current = [...(current ?? []), { text: item.text, quoted: item.quoted }]
      continue
    }
    const parts = splitText(item.text, ifs)
    parts.forEach((part, index) => {
      if (index > 0) finish()
      if (part !== null) current = [...(current ?? []), { text: part, quoted: false }]
    })
  }
  finish()
  return fields
}

/** Null stands for an empty part at an end that is no field of its own but ends or begins one. */
function splitText(text: string, ifs: string): (string | null)[] {
  const blank = [...ifs].filter((c) => c === ' ' || c === '\t' || c === '\n').join('')
  const parts: (string | null)[] = []
  let part = ''
  let has = false
  let i = 0
  while (i < text.length) {
    const c = text[i]!
    if (!ifs.includes(c)) {
      part += c
      has = true
      i++
      continue
    }
    let hard = 0
    while (i < text.length && ifs.includes(text[i]!) && (blank.includes(text[i]!) || hard === 0)) {
      if (!blank.includes(text[i]!)) hard++
      i++
    }
    parts.push(has ? part : hard > 0 ? '' : null)
    part = ''
    has = false
  }
  parts.push(has ? part : null)
  return parts
}
