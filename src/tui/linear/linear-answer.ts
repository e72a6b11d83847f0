/** What somebody typed as an answer, as one of the form's answers. */
import type { Answer, AnswerForm } from '../ports.ts'
import { choicesOf } from '../state/model.ts'

/** A sentence when it cannot be one. */
export function readAnswer(form: AnswerForm, text: string): Answer | string {
  const words = text.trim()
  if (words === '') return 'Type an answer.'
  const { length } = choicesOf(form)
  if (length === 0) return { kind: 'typed', text: words }
  const isList = form.kind === 'order' || (form.kind === 'choice' && form.several)
  const indexes = letters(words, isList, length).map((word) => choiceIndex(word, length))
  if (indexes.some((index) => index === null)) {
    const last = String.fromCharCode(0x60 + length)
    if (form.kind === 'order') return `Type all letters from a to ${last}, in the order of the steps.`
    return isList
      ? `Type letters from a to ${last}, with blanks between.`
      : `Type a letter from a to ${last}.`
  }
  if (!isList && indexes.length > 1) return 'Only one of them.'
  if (form.kind === 'order' && new Set(indexes).size < length)
    return `Each of the ${length} steps once, please.`
  return { kind: 'chosen', indexes: indexes as number[] }
}

/** `a, c`, `a c`, and `ac` where several may be meant. */
function letters(words: string, isList: boolean, length: number): string[] {
  const parts = words
    .replace(/[)]/g, ' ')
    .trim()
    .split(/[\s,;>-]+/)
  const [only = ''] = parts
  return isList && parts.length === 1 && new RegExp(`^[a-z]{2,${length}}$`, 'i').test(only)
    ? [...only]
    : parts
}

function choiceIndex(word: string, count: number): number | null {
  const index = /^[a-z]$/i.test(word) ? word.toLowerCase().charCodeAt(0) - 0x61 : Number(word) - 1
  return Number.isInteger(index) && index >= 0 && index < count ? index : null
}
