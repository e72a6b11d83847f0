/** What busybox's `ip` says when it gives up. libiproute/utils.c, libnetlink.c */
import { errorText } from '../../render/iproute2/errno.ts'
import type { Result } from '../../sim/base/result.ts'
import type { Link } from '../../sim/kernel/link/types.ts'
import { findLink } from '../../sim/kernel/netlink/link.ts'
import { GiveUp, type PrefixWord, tryPrefix } from '../iproute2/words.ts'
import type { BusyboxIp } from './ip.ts'

export function invalidArgument(word: string, what: string, status = 1): GiveUp {
  return new GiveUp(`invalid argument '${word}' to '${what}'`, status)
}

export function device(ip: BusyboxIp, name: string, status = 1): Link {
  const link = findLink(ip.context.netns, name)
  if (link === undefined) throw new GiveUp(`can't find device '${name}'`, status)
  return link
}

export function prefixOr(word: string): PrefixWord {
  const found = tryPrefix(word)
  if (found === null) throw new GiveUp(`an inet prefix is expected rather than "${word}"`, 1)
  return found
}

export function addressOr(word: string): number {
  const found = word.includes('/') ? null : tryPrefix(word)
  if (found === null) throw new GiveUp(`an inet address is expected rather than "${word}"`, 1)
  return found.address
}

/** The kernel's answer to a change; without the right it is not even asked. */
export function changed(ip: BusyboxIp, act: () => Result<unknown>): number {
  const result: Result<unknown> = ip.context.process.capabilities.has('NET_ADMIN')
    ? act()
    : { ok: false, error: { code: 'EPERM' } }
  if (!result.ok) throw new GiveUp(`RTNETLINK answers: ${errorText(result.error.code)}`, 2)
  return 0
}

/** Old-style calls name the request: `SIOCSIFFLAGS: Operation not permitted`. */
export function called(ip: BusyboxIp, request: string, act: () => Result<unknown>): void {
  const result: Result<unknown> = ip.context.process.capabilities.has('NET_ADMIN')
    ? act()
    : { ok: false, error: { code: 'EPERM' } }
  if (!result.ok) throw new GiveUp(`${request}: ${errorText(result.error.code)}`, 2)
}
