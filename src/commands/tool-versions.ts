/** Versions of the tools of a Debian release: bookworm beside Docker 20.10, forky beside Docker 28. */
import type { World } from '../sim/world/world.ts'

export interface ToolVersions {
  readonly iputils: string
  readonly curl: string
  readonly bind: string
  readonly nginx: string
  readonly tcpdump: string
  readonly libpcap: string
  readonly wget: string
  readonly traceroute: string
  readonly utilLinux: string
  readonly procps: string
  readonly psmisc: string
  /** With the time it was built, as its usage texts begin. */
  readonly busybox: string
}

const BOOKWORM: ToolVersions = Object.freeze({
  iputils: '20221126',
  curl: '7.88.1',
  bind: '9.18.49-1~deb12u3-Debian',
  nginx: '1.22.1',
  tcpdump: '4.99.3',
  libpcap: '1.10.3 (with TPACKET_V3)',
  wget: '1.21.3',
  traceroute: '2.1.2',
  utilLinux: '2.38.1',
  procps: '4.0.2',
  psmisc: '23.6',
  busybox: '1.35.0 (2026-11-23 17:37:50 UTC)',
})

const FORKY: ToolVersions = Object.freeze({
  iputils: '20250605',
  curl: '8.22.0',
  bind: '9.20.30-1-Debian',
  nginx: '1.30.6',
  tcpdump: '4.99.6',
  libpcap: '1.10.6 (with TPACKET_V3)',
  wget: '1.25.0',
  traceroute: '2.1.6',
  utilLinux: '2.42',
  procps: '4.0.5',
  psmisc: '23.7',
  busybox: '1.38.0 (2026-11-23 17:50:24 UTC)',
})

export function toolVersions(world: Pick<World, 'engineProfile'>): ToolVersions {
  return world.engineProfile === '28' ? FORKY : BOOKWORM
}
