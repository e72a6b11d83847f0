/** Addresses of web pages, as far as plain HTTP needs them. RFC 3986. */

export interface HttpUrl {
  readonly scheme: string
  /** Without brackets. */
  readonly host: string
  readonly port: number
  readonly path: string
}

const PORTS: Readonly<Record<string, number>> = {
  https: 443,
  ftp: 21,
  ftps: 990,
  scp: 22,
  sftp: 22,
  telnet: 23,
}

/** Without a scheme it is http. Null if there is no host or no valid port. */
export function parseUrl(text: string): HttpUrl | null {
  const file = /^file:\/\/(?:localhost)?(\/.*)$/i.exec(text)
  if (file !== null) return { scheme: 'file', host: 'localhost', port: 0, path: file[1] ?? '/' }
  const match =
    /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/\/)?(?:[^@/?#]*@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d*))?([/?#].*)?$/.exec(text)
  if (match === null) return null
  const scheme = (match[1] ?? 'http').toLowerCase()
  const host = (match[2] ?? '').replace(/^\[(.*)\]$/, '$1')
  const port = match[3] === undefined || match[3] === '' ? (PORTS[scheme] ?? 80) : Number(match[3])
  if (host === '' || port > 65535) return null
  const rest = (match[4] ?? '/').replace(/#.*/, '')
  return { scheme, host, port, path: rest.startsWith('/') ? rest : `/${rest}` }
}

/** As it stands in a URL: IPv6 addresses in brackets. */
export function hostText(url: HttpUrl): string {
  return url.host.includes(':') ? `[${url.host}]` : url.host
}

/** Where a `Location` leads. */
export function joinUrl(base: HttpUrl, location: string): HttpUrl | null {
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(location)) {
    const url = parseUrl(location)
    return url?.scheme === 'http' ? url : null
  }
  if (location.startsWith('/')) return { ...base, path: location }
  return { ...base, path: base.path.slice(0, base.path.lastIndexOf('/') + 1) + location }
}
