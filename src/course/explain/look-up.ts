/** A word looked up in the glossary: by its name, by another name, or by a part of either. */

export interface Term {
  readonly term: string
  readonly also?: readonly string[]
  readonly text: string
  /** `lesson#step` that teaches it. */
  readonly see?: string
}

export type LookUp = () => readonly Term[]

/** Without a word: all terms, in order. */
export function lookUp(terms: readonly Term[], word: string): { found: boolean; text: string } {
  if (terms.length === 0) return { found: false, text: 'tutor: this course has no glossary\n' }
  const wanted = word.trim().toLowerCase()
  if (wanted === '') {
    const names = terms.map(({ term }) => term).sort((a, b) => a.toLowerCase().localeCompare(b.toLowerCase()))
    return { found: true, text: `${names.join(', ')}\n\ntutor glossary WORD says what a word means.\n` }
  }
  const exact = terms.filter((one) => namesOf(one).includes(wanted))
  const near =
    exact.length > 0 ? exact : terms.filter((one) => namesOf(one).some((name) => name.includes(wanted)))
  if (near.length === 0) return { found: false, text: `tutor: the glossary does not know '${word}'\n` }
  return { found: true, text: near.map(termText).join('\n') }
}

function namesOf({ term, also = [] }: Term): string[] {
  return [term, ...also].map((name) => name.toLowerCase())
}

function termText({ term, also = [], text, see }: Term): string {
  const others = also.length === 0 ? '' : ` (${also.join(', ')})`
  const where = see === undefined ? '' : `\n  → lesson ${see.replace('#', ', step ')}`
  return `${term}${others}\n  ${text.trim().replace(/\s+/g, ' ')}${where}\n`
}
