/** What somebody typed as an answer, as one of the form's answers. */
import type { Answer, AnswerForm } from '../ports.ts'

/** A sentence when it cannot be one. */
export function readAnswer(form: AnswerForm, text: string): Answer | string {
  const words = text.trim()
  if (words === '') return 'Type an answer.'
  if (form.kind !== 'choice') return { kind: 'typed', text: words }
  const indexes = words.split(/[\s,]+/).map((word) => choiceIndex(word, form.choices.length))
  if (indexes.some((index) => index === null)) {
    const last = String.fromCharCode(0x60 + form.choices.length)
    return form.several
      ? `Type letters from a to ${last}, with blanks between.`
      : `Type a letter from a to ${last}.`
  }
  if (!form.several && indexes.length > 1) return 'Only one of them.'
  return { kind: 'chosen', indexes: indexes as number[] }
}

function choiceIndex(word: string, count: number): number | null {
  const index = /^[a-z]$/i.test(word) ? word.toLowerCase().charCodeAt(0) - 0x61 : Number(word) - 1
  return Number.isInteger(index) && index >= 0 && index < count ? index : null
}
