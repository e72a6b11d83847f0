/** Makes a `Check` of what an author wrote (already in the schema's shape). Throws `Unreadable` for a bad command line. */
import { parseFilter } from '../sim/process/capture-filter/parse.ts'
import type { Check } from './check.ts'
import { parseCommandLine } from './command-line.ts'
import type { CommandLine } from './lesson.ts'
import type { CheckInput } from './schema.ts'

export class Unreadable extends Error {}

type Fields = Record<string, unknown>

export function readCheck(input: CheckInput, line: number): Check {
  const [kind, value] = Object.entries(input)[0]!
  const fields = value as Fields
  switch (kind) {
    case 'all':
    case 'any':
      return { kind, checks: (value as CheckInput[]).map((one) => readCheck(one, line)) }
    case 'not':
      return { kind, check: readCheck(value as CheckInput, line) }
    case 'reachable':
      return {
        kind,
        from: text(fields, 'from')!,
        to: text(fields, 'to')!,
        port: (fields['port'] as number | string | undefined) ?? null,
        protocol:
          (fields['protocol'] as 'icmp' | undefined) ?? (fields['port'] === undefined ? 'icmp' : 'tcp'),
      }
    case 'ran':
      if (typeof value === 'string') return { kind, matches: pattern(value), in: null }
      return { kind, matches: pattern(text(fields, 'matches')!), in: text(fields, 'in') }
    case 'output':
      return {
        kind,
        command: readCommand(text(fields, 'of')!, line),
        matches: optionalPattern(fields),
        status: (fields['status'] as number | undefined) ?? null,
      }
    default:
      return readObject(kind, fields)
  }
}

function readObject(kind: string, fields: Fields): Check {
  const exists = (fields['exists'] as boolean | undefined) ?? true
  switch (kind) {
    case 'resolves':
      return {
        kind,
        from: text(fields, 'from')!,
        name: text(fields, 'name')!,
        address: text(fields, 'address'),
      }
    case 'container':
      return {
        kind,
        name: text(fields, 'name'),
        image: text(fields, 'image'),
        state: text(fields, 'state'),
        network: text(fields, 'network'),
        count: (fields['count'] as number | undefined) ?? null,
      }
    case 'network':
      return {
        kind,
        name: text(fields, 'name')!,
        exists,
        driver: text(fields, 'driver'),
        subnet: text(fields, 'subnet'),
      }
    case 'link':
      return {
        kind,
        in: text(fields, 'in')!,
        name: text(fields, 'name')!,
        exists,
        up: (fields['up'] as boolean | undefined) ?? null,
        master: text(fields, 'master'),
        type: text(fields, 'type'),
      }
    case 'route':
      return {
        kind,
        in: text(fields, 'in')!,
        destination: text(fields, 'to')!,
        via: text(fields, 'via'),
        exists,
      }
    case 'rule':
      return {
        kind,
        in: text(fields, 'in')!,
        table: text(fields, 'table') ?? 'filter',
        chain: text(fields, 'chain')!,
        matches: pattern(text(fields, 'matches')!),
        exists,
      }
    case 'traced':
      return {
        kind,
        in: text(fields, 'in')!,
        device: text(fields, 'device'),
        filter: captureFilter(text(fields, 'filter')!),
      }
    case 'file':
      return {
        kind,
        in: text(fields, 'in')!,
        path: text(fields, 'path')!,
        matches: pattern(text(fields, 'matches')!),
      }
    default:
      throw new Unreadable(`there is no check '${kind}'`)
  }
}

function text(fields: Fields, name: string): string | null {
  const value = fields[name]
  return value === undefined ? null : String(value)
}

/** The pattern itself, once it is known to be one. */
export function pattern(source: string): string {
  try {
    new RegExp(source)
  } catch (error) {
    throw new Unreadable(`'${source}' is no regular expression: ${(error as Error).message}`)
  }
  return source
}

/** With variables in it, it can only be tried when they are drawn. */
function captureFilter(source: string): string {
  if (source.includes('{{')) return source
  try {
    parseFilter(source)
  } catch (error) {
    throw new Unreadable(`'${source}' is no filter of tcpdump: ${(error as Error).message}`)
  }
  return source
}

function optionalPattern(fields: Fields): string | null {
  const value = text(fields, 'matches')
  return value === null ? null : pattern(value)
}

export function readCommand(source: string, line: number): CommandLine {
  const command = parseCommandLine(source, line)
  if (command === null)
    throw new Unreadable(`'${source}' is no command line: write NODE$ command or CONTAINER# command`)
  return command
}
