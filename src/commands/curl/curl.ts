/** curl(1): the command line. */
import { type CurlOptions, curlProgram } from '../../sim/process/curl.ts'
import { type HttpUrl, parseUrl } from '../../sim/process/http-url.ts'
import { parseIpv4 } from '../../sim/wire/ipv4-address.ts'
import type { Command, CommandContext } from '../context.ts'
import { parseOptions } from '../getopt.ts'
import { notModelled } from '../not-modelled.ts'
import { toolVersions } from '../tool-versions.ts'
import { base64, urlEncode } from './encode.ts'
import { CURL_LETTERS, CURL_LONG, CURL_SHORT } from './options.ts'

/** A flag can be taken back by `--no-NAME`; `--help` may stand without a category. */
const LONG: Readonly<Record<string, 'flag' | 'value'>> = {
  ...Object.fromEntries(Object.keys(CURL_LONG).map((name) => [`no-${name}`, 'flag'] as const)),
  ...CURL_LONG,
  help: 'flag',
}
const SHORT = CURL_SHORT.replace('h:', 'h')
/** What makes no difference over plain HTTP in a world without disks and TLS. */
const IGNORED = new Set([
  ...['insecure', 'http1.1', 'no-progress-meter', 'http2', 'no-buffer', 'globoff', 'disable'],
  ...[
    'tcp-nodelay',
    'no-keepalive',
    'no-sessionid',
    'no-alpn',
    'no-npn',
    'keepalive-time',
    'cacert',
    'capath',
  ],
  ...['tlsv1', 'tlsv1.0', 'tlsv1.1', 'tlsv1.2', 'tlsv1.3', 'tls-max', 'ciphers', 'cert-status', 'proto'],
  ...['proto-default', 'noproxy', 'styled-output', 'no-styled-output', 'path-as-is', 'disable-eprt'],
  ...['disable-epsv', 'junk-session-cookies', 'anyauth', 'basic'],
  // One after another gives the same.
  ...['parallel', 'parallel-immediate', 'parallel-max'],
  ...['compressed-ssh', 'max-redirs', 'ssl-no-revoke', 'no-silent', 'no-verbose'],
])

type Mutable = { -readonly [K in keyof CurlOptions]: CurlOptions[K] } & { asQuery?: boolean }

export const curl: Command = (context) => {
  const parsed = parseOptions(context.argv, { short: SHORT, long: LONG })
  if (!parsed.ok) return optionError(context, parsed.error)
  const version = toolVersions(context.world).curl
  const texts = [...parsed.value.operands]
  const options: Mutable = defaults(version)
  for (const { name, value } of parsed.value.options) {
    const long = CURL_LETTERS[name] ?? name
    if (long === 'version') return printVersion(context, version)
    if (long === 'help') return printHelp(context)
    if (NUMERIC.has(long) && !/^\d+(\.\d*)?$/.test(value)) return notNumeric(context, name)
    if (long === 'url') texts.push(value)
    else if (!apply(options, long, value))
      return notModelled(context, name.length === 1 ? `curl -${name}` : `curl --${name}`)
  }
  if (texts.length === 0) {
    const modern = Number(version.split('.')[0]) >= 8
    if (modern) context.err('curl: (2) no URL specified\n')
    // The old one names the lack only where options were given.
    else if (context.argv.length > 1) context.err('curl: no URL specified!\n')
    context.err("curl: try 'curl --help' or 'curl --manual' for more information\n")
    return 2
  }
  const urls: HttpUrl[] = []
  for (const text of texts) {
    const url = parseUrl(text)
    const refused = url === null ? malformed(context, options) : schemeProblem(context, url, options)
    if (url === null || refused !== null) return refused ?? 3
    urls.push(url)
  }
  options.urls = urls
  moveDataToQuery(options)
  if (options.remoteName) options.output = urls[0]?.path.replace(/\?.*/, '').split('/').pop() ?? null
  const toTerminal = context.outIsTerminal && options.output === null
  options.meter = !options.silent && !toTerminal
  return context.become(curlProgram(options))
}

const NUMERIC = new Set(['max-time', 'connect-timeout', 'retry'])

function notNumeric(context: CommandContext, name: string): number {
  const option = name.length === 1 ? `-${name}` : `--${name}`
  context.err(`curl: option ${option}: expected a proper numerical parameter\n`)
  context.err("curl: try 'curl --help' or 'curl --manual' for more information\n")
  return 2
}

function defaults(version: string): Mutable {
  return {
    version,
    urls: [],
    method: 'GET',
    headers: [],
    body: null,
    agent: null,
    verbose: false,
    silent: false,
    showError: false,
    include: false,
    head: false,
    follow: false,
    failOnError: false,
    meter: false,
    output: null,
    remoteName: false,
    writeOut: null,
    maxTimeUs: null,
    connectTimeoutUs: null,
    device: null,
    proxy: null,
    http09: false,
    resolve: [],
  }
}

/** False: the option is real and does nothing here. */
function apply(options: Mutable, name: string, value: string): boolean {
  switch (name) {
    case 'ipv4':
    case 'ipv6':
      options.family = name === 'ipv4' ? 4 : 6
      break
    case 'silent':
      options.silent = true
      break
    case 'show-error':
      options.showError = true
      break
    case 'verbose':
      options.verbose = true
      break
    case 'head':
      options.head = true
      options.method = 'HEAD'
      break
    case 'include':
      options.include = true
      break
    case 'location':
      options.follow = true
      break
    case 'fail':
      options.failOnError = true
      break
    case 'http0.9':
      options.http09 = true
      break
    case 'remote-name':
      options.remoteName = true
      break
    default:
      return applyValue(options, name, value)
  }
  return true
}

function applyValue(options: Mutable, name: string, value: string): boolean {
  switch (name) {
    case 'output':
      options.output = value
      break
    case 'max-time':
      options.maxTimeUs = Math.round(Number(value) * 1e6)
      break
    case 'connect-timeout':
      options.connectTimeoutUs = Math.round(Number(value) * 1e6)
      break
    case 'write-out':
      options.writeOut = value
      break
    case 'request':
      options.method = value
      break
    case 'header':
      options.headers = [...options.headers, splitHeader(value)]
      break
    case 'data':
    case 'data-ascii':
    case 'data-binary':
    case 'data-raw':
    case 'data-urlencode':
    case 'json':
      return addData(options, name, value)
    case 'user':
      options.headers = [...options.headers, ['Authorization', `Basic ${base64(value)}`]]
      break
    case 'oauth2-bearer':
      options.headers = [...options.headers, ['Authorization', `Bearer ${value}`]]
      break
    case 'cookie':
      // Without a `=` it names a file.
      if (!value.includes('=')) return false
      options.headers = [...options.headers, ['Cookie', value]]
      break
    case 'range':
      options.headers = [...options.headers, ['Range', `bytes=${value}`]]
      break
    case 'get':
      options.asQuery = true
      break
    case 'user-agent':
      options.agent = value
      break
    case 'referer':
      options.headers = [...options.headers, ['Referer', value]]
      break
    case 'interface':
      options.device = value
      break
    case 'proxy': {
      const url = parseUrl(value)
      if (value !== '' && url?.scheme !== 'http') return false
      const hasPort = /:\d+\/?$/.test(value)
      options.proxy = url === null ? null : { host: url.host, port: hasPort ? url.port : 1080 }
      break
    }
    case 'resolve':
      return addResolve(options, value)
    default:
      return IGNORED.has(name)
  }
  return true
}

/** False: `@FILE`. */
function addData(options: Mutable, name: string, value: string): boolean {
  if (value.startsWith('@') && name !== 'data-raw') return false
  const equals = value.indexOf('=')
  const encoded =
    name !== 'data-urlencode'
      ? value
      : equals < 0
        ? urlEncode(value)
        : `${value.slice(0, equals)}${equals === 0 ? '' : '='}${urlEncode(value.slice(equals + 1))}`
  const joined = name === 'json' ? '' : '&'
  options.body = options.body === null ? encoded : `${options.body}${joined}${encoded}`
  if (options.method === 'GET') options.method = 'POST'
  if (name === 'json' && !options.headers.some(([key]) => key === 'Accept')) {
    const accepts: [string, string][] = [
      ['Content-Type', 'application/json'],
      ['Accept', 'application/json'],
    ]
    options.headers = [...options.headers, ...accepts]
  }
  return true
}

/** `-G`: what would be sent stands behind the path. */
function moveDataToQuery(options: Mutable): void {
  if (!options.asQuery || options.body === null) return
  const { body } = options
  options.urls = options.urls.map((url) => ({
    ...url,
    path: `${url.path}${url.path.includes('?') ? '&' : '?'}${body}`,
  }))
  options.body = null
  if (options.method === 'POST') options.method = options.head ? 'HEAD' : 'GET'
}

function splitHeader(text: string): [string, string] {
  const colon = text.indexOf(':')
  return colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1).trim()]
}

function addResolve(options: Mutable, value: string): boolean {
  const [host = '', port = '', text = ''] = value.split(':')
  const address = parseIpv4(text)
  if (address === null) return false
  options.resolve = [...options.resolve, { host, port: Number(port), address }]
  return true
}

function malformed(context: CommandContext, options: Mutable): number {
  if (!options.silent || options.showError)
    context.err('curl: (3) URL using bad/illegal format or missing URL\n')
  return 3
}

function schemeProblem(context: CommandContext, url: HttpUrl, options: Mutable): number | null {
  if (url.scheme === 'http') return null
  // The connection is made: whether somebody is there can be seen.
  if (['https', 'ftp', 'ftps', 'file', 'scp', 'sftp', 'telnet'].includes(url.scheme)) {
    const isTunnel = options.proxy != null && url.scheme !== 'file'
    return isTunnel ? notModelled(context, `curl -x … ${url.scheme}://`) : null
  }
  const modern = Number(options.version.split('.')[0]) >= 8
  const text = `Protocol "${url.scheme}" not supported${modern ? '' : ' or disabled in libcurl'}`
  if (!options.silent || options.showError) context.err(`curl: (1) ${text}\n`)
  return 1
}

function optionError(
  context: CommandContext,
  error: { readonly kind: string; readonly option: string; readonly isLong: boolean },
): number {
  const option = `${error.isLong ? '--' : '-'}${error.option}`
  const why =
    error.kind === 'missing'
      ? 'requires parameter'
      : error.kind === 'ambiguous'
        ? 'is ambiguous'
        : 'is unknown'
  context.err(`curl: option ${option}: ${why}\n`)
  context.err("curl: try 'curl --help' or 'curl --manual' for more information\n")
  return 2
}

function printVersion(context: CommandContext, version: string): number {
  context.out(`curl ${version} (x86_64-pc-linux-gnu) libcurl/${version}\n`)
  context.out('Protocols: http\nFeatures: IPv6\n')
  return 0
}

function printHelp(context: CommandContext): number {
  context.out(`Usage: curl [options...] <url>
 -d, --data <data>          HTTP POST data
 -f, --fail                 Fail fast with no output on HTTP errors
 -h, --help <category>      Get help for commands
 -i, --include              Include protocol response headers in the output
 -o, --output <file>        Write to file instead of stdout
 -O, --remote-name          Write output to a file named as the remote file
 -s, --silent               Silent mode
 -T, --upload-file <file>   Transfer local FILE to destination
 -u, --user <user:password> Server user and password
 -A, --user-agent <name>    Send User-Agent <name> to server
 -v, --verbose              Make the operation more talkative
 -V, --version              Show version number and quit

This is not the full help, this menu is stripped into categories.
Use "--help category" to get an overview of all categories.
For all options use the manual or "--help all".
`)
  return 0
}
