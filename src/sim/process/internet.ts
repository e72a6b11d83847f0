/** The two servers of the internet: names on UDP 53, a page on TCP 80, on one address. */
import type { DnsServerProgram } from './dns-server.ts'
import { internetDns } from './dns-server.ts'
import { type HttpServerProgram, httpServerProgram } from './http-server.ts'

/** Where packages come from; the recorded lab has none of them. */
export const MIRRORS: readonly string[] = ['archive.ubuntu.com', 'security.ubuntu.com', 'deb.debian.org']

export function internetDnsServer(address: number, more: readonly string[]): DnsServerProgram {
  return internetDns(address, more)
}

export function internetWebServer(address: number): HttpServerProgram {
  const site = { flavor: 'example', version: '', roots: [] } as const
  return httpServerProgram(site, [{ address, port: 80, family: 4, dualStack: false }], 5)
}

/** Takes connections on the port of HTTPS. Not modelled: TLS; what an engine asks is an HTTP request. */
export function registryServer(address: number): HttpServerProgram {
  const site = { flavor: 'example', version: '', roots: [] } as const
  return httpServerProgram(site, [{ address, port: 443, family: 4, dualStack: false }], 5)
}
