/** wget of busybox: the command line. busybox networking/wget.c */
import { parseUrl } from '../../sim/process/http-url.ts'
import { type WgetOptions, wgetProgram } from '../../sim/process/wget.ts'
import type { Command } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { fileNameOf } from '../wget/file-name.ts'
import { busyboxUsage } from './usage.ts'

const USAGE = `Usage: wget [-cqS] [--spider] [-O FILE] [-o LOGFILE] [--header STR]
	[--post-data STR | --post-file FILE] [-Y on/off]
	[--no-check-certificate] [-P DIR] [-U AGENT] [-T SEC] URL...

Retrieve files via HTTP or FTP

	--spider	Only check URL existence: $? is 0 if exists
	--header STR	Add STR (of form 'header: value') to headers
	--post-data STR	Send STR using POST method
	--post-file FILE	Send FILE using POST method
	--no-check-certificate	Don't validate the server's certificate
	-c		Continue retrieval of aborted transfer
	-q		Quiet
	-P DIR		Save to DIR (default .)
	-S    		Show server response
	-T SEC		Network read timeout is SEC seconds
	-O FILE		Save to FILE ('-' for stdout)
	-o LOGFILE	Log messages to FILE
	-U STR		Use STR for User-Agent header
	-Y on/off	Use proxy
`
const LONG = {
  spider: 'flag',
  header: 'value',
  'post-data': 'value',
  'post-file': 'value',
  'no-check-certificate': 'flag',
  quiet: 'flag',
  timeout: 'value',
  'output-document': 'value',
  'user-agent': 'value',
  help: 'flag',
} as const

type Mutable = { -readonly [K in keyof WgetOptions]: WgetOptions[K] }

export const busyboxWget: Command = (context) => {
  const parsed = parseOptions(context.argv, { short: 'cqSO:o:P:Y:U:T:t:', long: LONG })
  if (!parsed.ok) return busyboxUsage(context, 'wget', USAGE, parsed.error)
  if (parsed.value.options.some(({ name }) => name === 'help'))
    return busyboxUsage(context, 'wget', USAGE, null)
  const text = parsed.value.operands[0]
  if (text === undefined) return busyboxUsage(context, 'wget', USAGE, 'operands')
  const url = parseUrl(text)
  if (url === null) {
    context.err(`wget: bad address '${text}'\n`)
    return 1
  }
  if (url.scheme === 'https' || url.scheme === 'ftp') return notModelled(context, `wget ${url.scheme}://`)
  if (url.scheme !== 'http') {
    context.err(`wget: not an http or ftp url: ${text}\n`)
    return 1
  }
  const options: Mutable = {
    dialect: 'busybox',
    version: '',
    url,
    text,
    quiet: false,
    spider: false,
    output: fileNameOf(url.path),
    timeoutUs: 900_000_000,
    tries: 1,
    headers: [],
    agent: null,
    serverResponse: false,
  }
  for (const { name, value } of parsed.value.options)
    if (!apply(options, name, value)) return notModelled(context, `wget -${name}`)
  return context.become(wgetProgram(options))
}

function apply(options: Mutable, name: string, value: string): boolean {
  if (name === 'q' || name === 'quiet') options.quiet = true
  else if (name === 'spider') options.spider = true
  else if (name === 'O' || name === 'output-document') options.output = value
  else if (name === 'T' || name === 'timeout') options.timeoutUs = Number(value) * 1e6
  else if (name === 'U' || name === 'user-agent') options.agent = value
  else if (name === 'P') options.output = `${value}/${options.output}`
  else if (name === 'S') options.serverResponse = true
  else if (name === 'header') {
    const colon = value.indexOf(':')
    options.headers = [...options.headers, [value.slice(0, colon), value.slice(colon + 1).trim()]]
  } else return name === 'Y' || name === 't' || name === 'no-check-certificate' || name === 'c'
  return true
}
