/** Lists of docker: a table, or a Go template for each row. docker/cli cli/command/formatter/formatter.go (20.10) */
import type { ApiStruct } from '../../sim/base/api-value.ts'
import { alignColumns, tableSettings } from './tabwriter.ts'
import { compileTemplate, executeTemplate } from './template/execute.ts'
import type { TemplateFunction } from './template/functions.ts'
import { TemplateError } from './template/lexer.ts'

export interface TableRow {
  readonly fields: ApiStruct
  readonly methods?: Readonly<Record<string, TemplateFunction>>
}

export interface TableKind {
  /** `*formatter.ContainerContext` */
  readonly typeName: string
  readonly headers: Readonly<Record<string, string>>
  /** Template of the plain table. */
  readonly table: string
  /** Template with `--quiet`. */
  readonly quiet: string
}

export type Formatted =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly text: string; readonly message: string }

/** `format`: what `--format` says; empty: the table. */
export function formatTable(
  kind: TableKind,
  rows: readonly TableRow[],
  format: string,
  quiet: boolean,
): Formatted {
  const chosen =
    format === '' || format === 'table'
      ? quiet
        ? kind.quiet
        : `table ${kind.table}`
      : withFormat(kind, format, quiet)
  const isTable = chosen.startsWith('table')
  const source = (isTable ? chosen.slice('table'.length).trim() : chosen)
    .replaceAll('\\t', '\t')
    .replaceAll('\\n', '\n')
  let text = ''
  try {
    const template = compileTemplate(source)
    for (const row of rows)
      text += `${executeTemplate(template, inOrder(row.fields), { typeName: kind.typeName, ...(row.methods === undefined ? {} : { methods: row.methods }) })}\n`
    if (isTable) text = `${executeTemplate(template, kind.headers, { methods: headerMethods })}\n${text}`
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    return { ok: false, text: '', message: `Template parsing error: ${error.message}\n` }
  }
  return { ok: true, text: isTable ? alignColumns(text, tableSettings) : text }
}

/** What a row is made of goes into JSON sorted by name. formatter/reflect.go `marshalMap` */
function inOrder(fields: ApiStruct): ApiStruct {
  return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** `.Label "x"` in a header is `x`. */
const headerMethods: Readonly<Record<string, TemplateFunction>> = {
  Label: (name) => {
    const parts = String(name ?? '').split('.')
    return (parts.at(-1) ?? '').replace(/[-_]/g, ' ')
  },
}

/** `.Label "name"` of a row. */
export function labelMethod(
  labels: Readonly<Record<string, string>>,
): Readonly<Record<string, TemplateFunction>> {
  const find: TemplateFunction = (name) => labels[String(name)] ?? ''
  return Object.fromEntries([['Label', find]])
}

/** `-q` with a table asks for ids alone; a template of one's own stays. */
function withFormat(kind: TableKind, format: string, quiet: boolean): string {
  return format.startsWith('table') && quiet ? kind.quiet : format
}

/** Digits are compared as numbers: `c2` before `c10`. github.com/fvbommel/sortorder */
export function naturalOrder(a: string, b: string): number {
  const split = (text: string): string[] => text.match(/\d+|\D/g) ?? []
  const left = split(a)
  const right = split(b)
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [x, y] = [left[i]!, right[i]!]
    if (x === y) continue
    const isNumeric = /^\d/.test(x) && /^\d/.test(y)
    if (isNumeric && Number(x) !== Number(y)) return Number(x) - Number(y)
    if (x !== y) return x < y ? -1 : 1
  }
  return left.length - right.length
}
