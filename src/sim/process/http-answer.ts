/** What a server answers: the file, the head of its own style, the line of its log. */

import { httpDate, logDate } from '../base/calendar.ts'
import { encodeUtf8 } from '../base/utf8.ts'
import { lookup, readContent, readdir } from '../kernel/fs/files.ts'
import type { TcpSocket } from '../kernel/socket.ts'
import type { ProcessContext } from './context.ts'
import { emitHead, type HttpHead, header } from './http-message.ts'

export interface Site {
  readonly flavor: 'nginx' | 'busybox' | 'python' | 'example'
  readonly version: string
  /** Directories that may hold the files: the first one that exists. */
  readonly roots: readonly string[]
}

export interface Response {
  readonly parts: readonly Uint8Array[]
  readonly corked: boolean
  readonly close: boolean
}

interface Content {
  readonly status: number
  readonly type: string
  readonly body: Uint8Array
  readonly modifiedMs: number | null
  readonly location: string | null
}

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  301: 'Moved Permanently',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Not Allowed',
  501: 'Not Implemented',
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  htm: 'text/html',
  txt: 'text/plain',
  css: 'text/css',
  js: 'application/javascript',
  json: 'application/json',
  png: 'image/png',
  svg: 'image/svg+xml',
}

export const EXAMPLE_PAGE =
  '<!doctype html>\n<html><head><title>Example Domain</title></head>\n<body><h1>Example Domain</h1></body></html>\n'

export function answer(context: ProcessContext, site: Site, request: HttpHead, socket: TcpSocket): Response {
  const [method = '', target = '/', version = ''] = request.startLine.split(' ')
  const known = method === 'GET' || method === 'HEAD'
  const content = known
    ? find(context, site, target, request)
    : refusal(site, site.flavor === 'nginx' ? 405 : 501)
  const keep = wantsKeepAlive(site, request, version)
  const head = emitHead(...headOf(context, site, content, keep))
  const body = method === 'HEAD' ? new Uint8Array() : content.body
  const { flavor } = site
  context.emit(
    {
      program: 'http-server',
      kind: 'access',
      flavor,
      client: socket.remoteAddress,
      request: request.startLine,
      status: content.status,
      length: body.length,
      agent: header(request, 'User-Agent') ?? '-',
      referer: header(request, 'Referer') ?? '-',
      date: logDate(nowMs(context)),
    },
    flavor === 'nginx' ? 1 : 2,
  )
  return { parts: [head, body], corked: flavor !== 'example' && flavor !== 'python', close: !keep }
}

export function nowMs(context: ProcessContext): number {
  return context.sim.epochMs + Math.floor(context.sim.nowUs / 1000)
}

function wantsKeepAlive(site: Site, request: HttpHead, version: string): boolean {
  if (site.flavor === 'busybox' || site.flavor === 'python') return false
  const connection = header(request, 'Connection')?.toLowerCase() ?? ''
  return version === 'HTTP/1.1' ? connection !== 'close' : connection === 'keep-alive'
}

type Headers = (readonly [string, string])[]

function headOf(context: ProcessContext, site: Site, content: Content, keep: boolean): [string, Headers] {
  const reason = REASONS[content.status] ?? ''
  const date = httpDate(nowMs(context))
  const length = String(content.body.length)
  const modified: Headers =
    content.modifiedMs === null ? [] : [['Last-Modified', httpDate(content.modifiedMs)]]
  const moved: Headers = content.location === null ? [] : [['Location', content.location]]
  const start = `${site.flavor === 'python' ? 'HTTP/1.0' : 'HTTP/1.1'} ${content.status} ${reason}`
  switch (site.flavor) {
    case 'nginx':
      return [start, nginxHeaders(site, content, keep, date)]
    case 'busybox':
      return [
        start,
        [
          ['Date', date],
          ['Connection', 'close'],
          ['Content-type', content.type],
          ...moved,
          ...(content.status === 200
            ? ([['Accept-Ranges', 'bytes'], ...modified, ['Content-Length', length]] as Headers)
            : []),
        ],
      ]
    case 'python':
      return [
        start,
        [
          ['Server', `SimpleHTTP/0.6 Python/${site.version}`],
          ['Date', date],
          ...moved,
          ['Content-type', content.type],
          ['Content-Length', length],
          ...modified,
        ],
      ]
    default:
      // http.server joins its two version texts by a space, and the second one is empty here.
      return [
        start,
        [
          ['Server', 'example '],
          ['Date', date],
          ['Content-Type', 'text/html'],
          ['Content-Length', length],
        ],
      ]
  }
}

function nginxHeaders(site: Site, content: Content, keep: boolean, date: string): Headers {
  const file = content.status === 200 && content.modifiedMs !== null
  const seconds = Math.floor((content.modifiedMs ?? 0) / 1000)
  const etag = `"${seconds.toString(16)}-${content.body.length.toString(16)}"`
  const headers: Headers = [
    ['Server', `nginx/${site.version}`],
    ['Date', date],
    ['Content-Type', content.type],
    ['Content-Length', String(content.body.length)],
  ]
  if (file) headers.push(['Last-Modified', httpDate(content.modifiedMs ?? 0)])
  if (content.location !== null) headers.push(['Location', content.location])
  headers.push(['Connection', keep ? 'keep-alive' : 'close'])
  if (file) headers.push(['ETag', etag], ['Accept-Ranges', 'bytes'])
  return headers
}

function find(context: ProcessContext, site: Site, target: string, request: HttpHead): Content {
  const path = decodePath(target.replace(/[?#].*/, ''))
  if (site.flavor === 'example') {
    if (path === '/') return html(200, EXAMPLE_PAGE, null)
    return html(404, 'not found\n', null)
  }
  if (path === null || path.split('/').includes('..')) return refusal(site, 400)
  const { sim, kernel, process } = context
  const root =
    site.roots.find((candidate) => lookup(sim, kernel, process, candidate).ok) ?? site.roots[0] ?? '/'
  const full = root.replace(/\/$/, '') + path
  const node = lookup(sim, kernel, process, full)
  if (!node.ok) return refusal(site, 404)
  if (node.value.kind !== 'directory') return fileContent(context, site, full, node.value.modifiedMs)
  if (!path.endsWith('/')) return moved(site, `http://${header(request, 'Host') ?? ''}${path}/`)
  return directoryContent(context, site, full, path)
}

function decodePath(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

function directoryContent(context: ProcessContext, site: Site, directory: string, path: string): Content {
  const { sim, kernel, process } = context
  const indexes =
    site.flavor === 'nginx' ? ['index.html', 'index.htm', 'index.nginx-debian.html'] : ['index.html']
  for (const name of indexes) {
    const node = lookup(sim, kernel, process, directory + name)
    if (node.ok && node.value.kind === 'file')
      return fileContent(context, site, directory + name, node.value.modifiedMs)
  }
  if (site.flavor === 'nginx') return refusal(site, 403)
  if (site.flavor === 'busybox') return refusal(site, 404)
  const names = readdir(sim, kernel, process, directory)
  const items = names.ok ? [...names.value].map(String).sort() : []
  const lines = items.map((name) => `<li><a href="${name}">${name}</a></li>\n`).join('')
  const title = `Directory listing for ${path}`
  const page = `<!DOCTYPE HTML>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>${title}</title>\n</head>\n<body>\n<h1>${title}</h1>\n<hr>\n<ul>\n${lines}</ul>\n<hr>\n</body>\n</html>\n`
  return { ...html(200, page, null), type: 'text/html; charset=utf-8' }
}

function fileContent(context: ProcessContext, site: Site, path: string, modifiedMs: number): Content {
  const content = readContent(context.sim, context.kernel, context.process, path)
  if (!content.ok) return refusal(site, content.error.code === 'EACCES' ? 403 : 404)
  const extension = path.slice(path.lastIndexOf('.') + 1)
  const unknown = site.flavor === 'busybox' ? 'text/plain' : 'application/octet-stream'
  const body = typeof content.value === 'string' ? encodeUtf8(content.value) : content.value
  return { status: 200, type: TYPES[extension] ?? unknown, body, modifiedMs, location: null }
}

function html(status: number, text: string, location: string | null): Content {
  return { status, type: 'text/html', body: encodeUtf8(text), modifiedMs: null, location }
}

function moved(site: Site, location: string): Content {
  return { ...refusal(site, 301), location }
}

/** The page each server puts in place of what it cannot give. */
function refusal(site: Site, status: number): Content {
  const text = `${status} ${REASONS[status] ?? ''}`
  if (site.flavor === 'nginx')
    return html(
      status,
      `<html>\r\n<head><title>${text}</title></head>\r\n<body>\r\n<center><h1>${text}</h1></center>\r\n<hr><center>nginx/${site.version}</center>\r\n</body>\r\n</html>\r\n`,
      null,
    )
  if (site.flavor === 'busybox') {
    const why = status === 404 ? 'The requested URL was not found\n' : ''
    return html(
      status,
      `<HTML><HEAD><TITLE>${text}</TITLE></HEAD>\n<BODY><H1>${text}</H1>\n${why}</BODY></HTML>\n`,
      null,
    )
  }
  return html(
    status,
    `<html><head><title>Error response</title></head><body><h1>Error response</h1><p>Error code: ${status}</p></body></html>\n`,
    null,
  )
}
