/** Files that the simulated `tcpdump -w` writes, as the machine's own tcpdump and tshark read them. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { services } from '../../src/session/services.ts'
import { openSession, type Session } from '../../src/session/session.ts'
import { encodeUtf8 } from '../../src/sim/base/utf8.ts'
import { readContent } from '../../src/sim/kernel/fs/files.ts'
import { createWorld } from '../../src/sim/world/create.ts'
import { unifiedDiff } from '../conformance/unified-diff.ts'
import { hasProgram, versionOf } from './machine.ts'

const hasTcpdump = hasProgram('tcpdump')
const hasTshark = hasProgram('tshark')
const DEVICES = ['eth0', 'docker0', 'any']
const reason = hasTcpdump || hasTshark ? null : 'needs tcpdump or tshark'

/** ARP, ICMP and its errors, DNS, HTTP, fragments, NAT both ways, resets. */
const TRAFFIC = [
  'docker run -d --name web -p 8080:80 nginx',
  'docker run -d --name box busybox sleep 1000',
  'docker exec box ping -c 2 192.168.178.1',
  'docker exec box ping -c 1 -s 4000 192.168.178.1',
  'docker exec box wget -q -O - http://172.17.0.2/',
  'docker exec box wget -q -O - http://192.168.178.100:8080/',
  'docker exec box nslookup example.com',
  'docker exec box ping -c 1 -t 1 203.0.113.10',
  'docker exec box wget -T 2 http://172.17.0.2:81/',
  'docker exec box ping -c 1 -W 1 172.17.0.99',
  'dig +short example.com',
  'curl -s http://example.com/',
  'traceroute -n -q 1 -m 3 203.0.113.10',
  'echo hi | nc -u -w 1 172.17.0.2 9',
  'iptables -I DOCKER-USER -p tcp --dport 80 -j REJECT --reject-with icmp-admin-prohibited',
  'docker exec box wget -T 2 -q -O - http://example.com/',
  'iptables -D DOCKER-USER 1',
]
const FROM_OUTSIDE = ['curl -s http://192.168.178.100:8080/', 'ping -c 1 -s 3000 192.168.178.100']

async function command(session: Session, host: string, line: string): Promise<string> {
  const job = session.startLine(host, line, null)
  await session.waitFor(job, 20_000_000)
  return job.stdout
}

/** Names of interfaces on the machine that reads, looked up by number: `eth0  In  IP …`. */
const DEVICE = /^([\d:. -]*)\S+ +((?:In|Out|M|B|P) +(?:IP|ARP|ifindex))/gm

function differences(simulated: string, real: string): string[] {
  const lines = real.replace(DEVICE, '$1DEV $2').split('\n')
  const others = simulated.replace(DEVICE, '$1DEV $2').split('\n')
  return unifiedDiff(lines, others).slice(0, 24)
}

async function capture(): Promise<{ files: Map<string, Uint8Array>; session: Session }> {
  const session = openSession(createWorld('linux', { engine: '20.10', seed: 1 }, services), {
    interactive: false,
  })
  const dumps = DEVICES.map((device) =>
    session.startLine('host1', `tcpdump -i ${device} -w /tmp/${device}.pcap`, { columns: 80, rows: 24 }),
  )
  await session.advance(1e6)
  for (const line of TRAFFIC) await command(session, 'host1', line)
  for (const line of FROM_OUTSIDE) await command(session, 'client', line)
  await session.advance(6e6)
  for (const dump of dumps) {
    dump.interrupt()
    await session.waitFor(dump)
  }
  const kernel = session.world.kernels.get('host1')!
  const init = kernel.processes.get(1)!
  const files = DEVICES.map((device): [string, Uint8Array] => {
    const content = readContent(session.world, kernel, init, `/tmp/${device}.pcap`)
    if (!content.ok) throw new Error(content.error.code)
    return [device, typeof content.value === 'string' ? encodeUtf8(content.value) : content.value]
  })
  return { files: new Map(files), session }
}

describe.skipIf(reason !== null)(reason ?? 'captured files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dnt-captures-'))
  let session: Session
  const pathOf = (device: string): string => join(folder, `${device}.pcap`)

  beforeAll(async () => {
    const captured = await capture()
    session = captured.session
    for (const [device, bytes] of captured.files) writeFileSync(pathOf(device), bytes)
  })

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const readBy = (device: string, options: readonly string[]): string => {
    const ran = spawnSync('tcpdump', ['-r', pathOf(device), ...options], {
      encoding: 'utf8',
      env: { ...process.env, TZ: 'UTC' },
      maxBuffer: 1 << 26,
    })
    expect(ran.status).toBe(0)
    return ran.stdout
  }

  test.skipIf(!hasTcpdump).each(DEVICES)('tcpdump finds nothing wrong on %s', (device) => {
    const text = readBy(device, ['-nn', '-vvv', '-e'])
    expect(text.split('\n').filter((line) => /^\d\d:\d\d:\d\d/.test(line)).length).toBeGreaterThan(60)
    const wrong = /bad.{0,9}c?k?sum|wrong|incorrect|truncated|\[\||malformed|invalid|missing/i
    expect(text.split('\n').filter((line) => wrong.test(line))).toEqual([])
    const kinds = [/ARP/, /ICMP echo/, /Flags \[S\]/, /HTTP\/1.1 200/, /flags \[\+\]/, /unreachable/]
    expect(kinds.filter((kind) => !kind.test(text))).toEqual([])
  })

  const isSameVersion = hasTcpdump && versionOf('tcpdump --version').includes('4.99.3')
  const WORDINGS = [
    '-nn',
    '-nn -e -t',
    '-nn -v arp or tcp or udp',
    '-nn -vvv arp or tcp',
    '-nn -x',
    '-nn -XX -S',
    '-nn -q -tttt',
    '-nn icmp',
    '-nn tcp port 80',
    '-nn -A udp',
  ]
  test.skipIf(!isSameVersion).each(DEVICES)('both tcpdumps print the same of %s', async (device) => {
    for (const options of WORDINGS) {
      const simulated = await command(session, 'host1', `TZ=UTC tcpdump -r /tmp/${device}.pcap ${options}`)
      expect(differences(simulated, readBy(device, options.split(' '))), options).toEqual([])
    }
  })

  test.skipIf(!hasTshark).each(DEVICES)('tshark finds nothing wrong on %s', (device) => {
    const checks = ['ip', 'tcp', 'udp'].flatMap((layer) => ['-o', `${layer}.check_checksum:TRUE`])
    const wrong =
      '_ws.malformed || ip.checksum.status == 0 || tcp.checksum.status == 0 || udp.checksum.status == 0 || icmp.checksum.status == 0'
    const ran = execFileSync('tshark', ['-n', '-r', pathOf(device), ...checks, '-Y', wrong], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    expect(ran).toBe('')
  })
})
