/** busybox applets that show and change devices, addresses, routes and settings. */
import type { Command } from '../context.ts'
import type { CommandLoader } from '../network-programs.ts'

export const linkApplets: readonly (readonly [string, CommandLoader])[] = [
  ['arp', async () => (await import('./arp.ts')).busyboxArp],
  ['brctl', async () => (await import('./brctl.ts')).busyboxBrctl],
  ['ifconfig', async () => (await import('./ifconfig.ts')).busyboxIfconfig],
  ['ip', async () => (await import('./ip.ts')).busyboxIp],
  ['ipaddr', () => ipObject('address')],
  ['iplink', () => ipObject('link')],
  ['ipneigh', () => ipObject('neigh')],
  ['iproute', () => ipObject('route')],
  ['iprule', () => ipObject('rule')],
  ['netstat', async () => (await import('../net-tools/netstat.ts')).busyboxNetstat],
  ['route', async () => (await import('./route.ts')).busyboxRouteApplet],
  ['hostname', async () => (await import('./hostname.ts')).busyboxHostname],
  ['sysctl', async () => (await import('./sysctl.ts')).busyboxSysctl],
]

/** `ipaddr …` is `ip address …`. */
async function ipObject(object: string): Promise<Command> {
  const { busyboxIp } = await import('./ip.ts')
  return (context) => {
    const argv = ['ip', object, ...context.argv.slice(1)]
    return busyboxIp(Object.create(context, { argv: { value: argv } }) as typeof context)
  }
}
