/** A word of the tree → the texts it stands for. bash(1) "EXPANSION" */

import type { DoubleQuotedChild, Word, WordPart } from 'unbash'
import { parse } from 'unbash'
import type { Interpreter } from '../interpreter.ts'
import { getParameter, separator } from '../variables.ts'
import { evaluateArithmetic } from './arithmetic.ts'
import { expandBraces } from './brace.ts'
import { globField } from './glob.ts'
import {
  type Field,
  fieldText,
  type Item,
  itemsText,
  literal,
  quoted,
  splitFields,
  splittable,
} from './items.ts'
import { expandParameter } from './parameter.ts'
import { patternOf } from './pattern.ts'

/** All fields of a command's words: braces, expansions, splitting, file names. */
export async function expandWords(shell: Interpreter, words: readonly Word[]): Promise<string[]> {
  const result: string[] = []
  for (const word of words) {
    const simple = plainText(word)
    if (simple !== null) {
      result.push(simple)
      continue
    }
    for (const one of bracesOf(word)) {
      for (const field of await expandFields(shell, one)) result.push(...globField(shell, field))
    }
  }
  return result
}

/** The common case: letters only. */
function plainText(word: Word): string | null {
  return word.parts === undefined && /^[\w./:=,%@+-]*$/.test(word.text) && word.text !== '' ? word.text : null
}

function bracesOf(word: Word): Word[] {
  if (!word.parts?.some((part) => part.type === 'BraceExpansion') && !/\{.*(,|\.\.).*\}/s.test(word.text))
    return [word]
  return expandBraces(word.text).flatMap((text) => wordsOf(text))
}

/** Parses a text as words of a command. */
function wordsOf(text: string): Word[] {
  const command = parse(`: ${text}`).commands[0]?.command
  if (command?.type !== 'Command') return []
  return command.suffix.filter((one): one is Word => one.type === 'Word')
}

export async function expandFields(shell: Interpreter, word: Word): Promise<Field[]> {
  const items = await expandItems(shell, word, true)
  return splitFields(items, getParameter(shell, 'IFS') ?? ' \t\n')
}

/** Without splitting and file names: assignments, redirections, `case`, here-strings. */
export async function expandToText(shell: Interpreter, word: Word): Promise<string> {
  const simple = plainText(word)
  return simple ?? itemsText(await expandItems(shell, word, false))
}

/** As a pattern: quoted characters stand for themselves. */
export async function expandToPattern(shell: Interpreter, word: Word): Promise<string> {
  const items = await expandItems(shell, word, false)
  const field: Field = items.map((item) =>
    item.kind === 'break' ? { text: ' ', quoted: true } : { text: item.text, quoted: item.quoted },
  )
  return patternOf(field)
}

export async function expandItems(shell: Interpreter, word: Word, split: boolean): Promise<Item[]> {
  const items: Item[] = []
  if (word.parts === undefined) {
    items.push(...literalItems(shell, word.text, true))
    return items
  }
  for (const [index, part] of word.parts.entries()) {
    items.push(...(await expandPart(shell, part, split, index === 0)))
  }
  return items
}

/** Unquoted text: a backslash quotes the next character; a tilde at the beginning is somebody's home. */
function literalItems(shell: Interpreter, text: string, atStart: boolean): Item[] {
  const items: Item[] = []
  let rest = text
  const tilde = atStart ? /^~([\w.-]*|\+|-)(?=\/|$|:)/.exec(text) : null
  if (tilde !== null) {
    const home = homeOf(shell, tilde[1]!)
    if (home !== null) {
      items.push(quoted(home))
      rest = text.slice(tilde[0].length)
    }
  }
  for (const match of rest.matchAll(/\\([\s\S])|[^\\]+|\\$/g)) {
    if (match[1] === undefined) items.push(literal(match[0]))
    else if (match[1] !== '\n') items.push(quoted(match[1]))
  }
  return items
}

function homeOf(shell: Interpreter, user: string): string | null {
  if (user === '') return getParameter(shell, 'HOME') ?? '/root'
  if (user === '+') return shell.process.cwd
  if (user === '-') return getParameter(shell, 'OLDPWD') ?? null
  return user === 'root' ? '/root' : null
}

async function expandPart(
  shell: Interpreter,
  part: WordPart,
  split: boolean,
  atStart: boolean,
): Promise<Item[]> {
  switch (part.type) {
    case 'Literal':
      return literalItems(shell, part.text, atStart)
    case 'Glob':
    case 'ExtendedGlob':
    case 'BraceExpansion':
      return literalItems(shell, part.text, false)
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return [quoted(part.value)]
    case 'DoubleQuoted':
    case 'LocaleString':
      return expandQuoted(shell, part.parts)
    case 'SimpleExpansion':
      return simpleExpansion(shell, part.text.slice(1), false, split)
    case 'ParameterExpansion':
      return expandParameter(shell, part, false, split)
    case 'CommandExpansion':
      return [splittable(await shell.substitute(part.script))]
    case 'ArithmeticExpansion':
      return [splittable(String(await evaluateArithmetic(shell, part.expression, part.text.slice(3, -2))))]
    case 'ProcessSubstitution':
      return [quoted(await shell.processSubstitution(part.operator, part.script))]
  }
}

/** Inside double quotes: nothing is split, but `"$@"` makes several fields. */
export async function expandQuoted(shell: Interpreter, parts: readonly DoubleQuotedChild[]): Promise<Item[]> {
  const items: Item[] = []
  for (const part of parts) items.push(...(await expandQuotedPart(shell, part)))
  const isBareAt = parts.length > 0 && items.length === 0
  return isBareAt ? [] : [quoted(''), ...items]
}

async function expandQuotedPart(shell: Interpreter, part: DoubleQuotedChild): Promise<Item[]> {
  switch (part.type) {
    case 'Literal':
      return [quoted(part.value)]
    case 'SimpleExpansion':
      return simpleExpansion(shell, part.text.slice(1), true, false)
    case 'ParameterExpansion':
      return expandParameter(shell, part, true, false)
    case 'CommandExpansion':
      return [quoted(await shell.substitute(part.script))]
    case 'ArithmeticExpansion':
      return [quoted(String(await evaluateArithmetic(shell, part.expression, part.text.slice(3, -2))))]
  }
}

function simpleExpansion(shell: Interpreter, name: string, isQuoted: boolean, split: boolean): Item[] {
  if (name === '@' || name === '*') return listItems(shell, shell.state.positional, name, isQuoted, split)
  const value = getParameter(shell, name)
  if (value === undefined) shell.refuseUnset(name)
  return [isQuoted ? quoted(value ?? '') : split ? splittable(value ?? '') : literal(value ?? '')]
}

/** `$@`, `$*`, `${a[@]}`, `${a[*]}`, quoted or not. */
export function listItems(
  shell: Interpreter,
  values: readonly string[],
  sign: '@' | '*',
  isQuoted: boolean,
  split: boolean,
): Item[] {
  if (isQuoted && sign === '*') return [quoted(values.join(separator(shell)))]
  if (!isQuoted && !split) return [literal(values.join(' '))]
  const items: Item[] = []
  values.forEach((value, index) => {
    if (index > 0) items.push({ kind: 'break' })
    items.push(isQuoted ? quoted(value) : splittable(value))
  })
  return items
}

export function fieldsText(fields: readonly Field[]): string {
  return fields.map(fieldText).join(' ')
}
