/** wget(1) of GNU: the command line. */
import { parseUrl } from '../../sim/process/http-url.ts'
import { type WgetOptions, wgetProgram } from '../../sim/process/wget.ts'
import type { Command } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { toolVersions } from '../tool-versions.ts'
import { fileNameOf } from './file-name.ts'

const LONG = {
  quiet: 'flag',
  'no-verbose': 'flag',
  spider: 'flag',
  'server-response': 'flag',
  'output-document': 'value',
  timeout: 'value',
  tries: 'value',
  header: 'value',
  'user-agent': 'value',
  version: 'flag',
} as const
const ALIASES: Readonly<Record<string, string>> = {
  q: 'quiet',
  S: 'server-response',
  O: 'output-document',
  T: 'timeout',
  t: 'tries',
  U: 'user-agent',
  V: 'version',
}

type Mutable = { -readonly [K in keyof WgetOptions]: WgetOptions[K] }

export const wget: Command = (context) => {
  const parsed = parseOptions(context.argv, { short: 'qSO:T:t:U:VvncNP:4', long: LONG })
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
    const long = ALIASES[name] ?? name
    if (long === 'quiet') options.quiet = true
    else if (long === 'spider') options.spider = true
    else if (long === 'output-document') options.output = value
    else if (long === 'timeout') options.timeoutUs = Number(value) * 1e6
    else if (long === 'tries') options.tries = Number(value)
    else if (long === 'user-agent') options.agent = value
    else if (long === 'header') options.headers = [...options.headers, header(value)]
    else if (long === 'version') context.out(`GNU Wget ${options.version} built on linux-gnu.\n`)
    else if (long !== 'v' && long !== '4') return notModelled(context, `wget -${name}`)
    if (long === 'version') return 0
  }
  return context.become(wgetProgram(options))
}

function header(text: string): [string, string] {
  const colon = text.indexOf(':')
  return [text.slice(0, colon), text.slice(colon + 1).trim()]
}
