/** Settings by the names that sysctl(8) takes: with dots, or with slashes for the dots of a device's name. */
import type { NetNamespace } from '../../sim/kernel/net-namespace.ts'
import { hasSysctl, sysctlKeys } from '../../sim/kernel/sysctl/sysctl.ts'

/** `net/ipv4/conf/eth0.5/rp_filter` and `net.ipv4.conf.eth0/5.rp_filter` are the same key. */
export function keyOf(word: string): string {
  const slash = word.indexOf('/')
  const dot = word.indexOf('.')
  const usesSlashes = slash >= 0 && (dot < 0 || slash < dot)
  return usesSlashes ? word.replace(/[./]/g, (sign) => (sign === '/' ? '.' : '/')) : word
}

/** One key, or all below a folder (`net.ipv4.conf.br0`). */
export function keysUnder(netns: NetNamespace, key: string): string[] {
  if (hasSysctl(netns, key)) return [key]
  return sysctlKeys(netns)
    .filter((one) => one.startsWith(`${key}.`))
    .sort()
}

export function pathOf(key: string): string {
  return `/proc/sys/${key.replace(/[./]/g, (sign) => (sign === '.' ? '/' : '.'))}`
}
