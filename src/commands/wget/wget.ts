/** wget(1) of GNU: the command line. */
import { parseUrl } from '../../sim/process/http-url.ts'
import { type WgetOptions, wgetProgram } from '../../sim/process/wget.ts'
import type { Command } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { toolVersions } from '../tool-versions.ts'
import { fileNameOf } from './file-name.ts'
import { WGET_LETTERS, WGET_LONG, WGET_SHORT } from './options.ts'

/** `-nv`, `-nc`, `-nd` … are two letters of one option. */
const TWO_LETTERS: Readonly<Record<string, string>> = {
  v: 'no-verbose',
  c: 'no-clobber',
  d: 'no-directories',
  H: 'no-host-directories',
  p: 'no-parent',
}
/** What makes no difference here. */
const IGNORED = new Set([
  ...[
    'verbose',
    'no-clobber',
    'inet4-only',
    'prefer-family',
    'no-cache',
    'no-cookies',
    'no-check-certificate',
  ],
  ...[
    'no-proxy',
    'no-dns-cache',
    'no-http-keep-alive',
    'restrict-file-names',
    'progress',
    'no-iri',
    'no-hsts',
  ],
])

type Mutable = { -readonly [K in keyof WgetOptions]: WgetOptions[K] }

export const wget: Command = (context) => {
  const parsed = parseOptions(context.argv, { short: `${WGET_SHORT}n:`, long: WGET_LONG })
  if (!parsed.ok) {
    const { option, isLong, kind } = parsed.error
    const named = isLong ? `unrecognized option '--${option}'` : `invalid option -- '${option}'`
    context.err(`wget: ${kind === 'missing' ? `option requires an argument -- '${option}'` : named}\n`)
    context.err("Usage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n")
    return 2
  }
  const text = parsed.value.operands[0]
  if (text === undefined) {
    context.err(
      "wget: missing URL\nUsage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n",
    )
    return 1
  }
  const url = parseUrl(text)
  if (url === null) {
    context.err(`${text}: Invalid host name.\n`)
    return 1
  }
  if (url.scheme !== 'http') return notModelled(context, `wget ${url.scheme}://`)
  const options: Mutable = {
    dialect: 'gnu',
    version: toolVersions(context.world).wget,
    url,
    text,
    quiet: false,
    spider: false,
    output: fileNameOf(url.path),
    timeoutUs: 900_000_000,
    tries: 20,
    headers: [],
    agent: null,
    serverResponse: false,
  }
  for (const { name, value } of parsed.value.options) {
    const long = (name === 'n' ? TWO_LETTERS[value] : undefined) ?? WGET_LETTERS[name] ?? name
    if (long === 'version') {
      context.out(`GNU Wget ${options.version} built on linux-gnu.\n`)
      return 0
    }
    if (!apply(options, long, value))
      return notModelled(context, `wget ${name.length === 1 ? '-' : '--'}${name}${name === 'n' ? value : ''}`)
  }
  return context.become(wgetProgram(options))
}

/** False: a real option that is missing here. */
function apply(options: Mutable, name: string, value: string): boolean {
  if (name === 'quiet') options.quiet = true
  else if (name === 'spider') options.spider = true
  else if (name === 'output-document') options.output = value
  else if (name === 'timeout' || name === 'connect-timeout' || name === 'read-timeout')
    options.timeoutUs = Number(value) * 1e6
  else if (name === 'dns-timeout') return true
  else if (name === 'tries')
    options.tries = Number(value) === 0 || value === 'inf' ? Number.MAX_SAFE_INTEGER : Number(value)
  else if (name === 'user-agent') options.agent = value
  else if (name === 'referer') options.headers = [...options.headers, ['Referer', value]]
  else if (name === 'header') options.headers = [...options.headers, header(value)]
  else if (name === 'server-response') options.serverResponse = true
  else if (name === 'directory-prefix') options.output = `${value.replace(/\/$/, '')}/${options.output}`
  else return IGNORED.has(name)
  return true
}

function header(text: string): [string, string] {
  const colon = text.indexOf(':')
  return [text.slice(0, colon), text.slice(colon + 1).trim()]
}
