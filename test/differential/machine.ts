/** The machine's own kernel: what it can do, and a scenario run in namespaces that are gone afterwards. */
import { execFile, spawnSync } from 'node:child_process'

const PATH = `/usr/sbin:/sbin:/usr/bin:/bin:${process.env['PATH'] ?? ''}`
const ENVIRONMENT = { PATH, HOME: '/root', LANG: 'C.UTF-8', TERM: 'xterm' }

function shell(script: string): { status: number | null; stdout: string } {
  return spawnSync('bash', ['-c', script], { env: ENVIRONMENT, encoding: 'utf8', timeout: 20_000 })
}

export function hasProgram(name: string): boolean {
  return shell(`command -v ${name}`).status === 0
}

/** Why the differential tests cannot run here; null when they can. */
export function whyNot(name: string): string | null {
  if (process.platform !== 'linux') return 'the machine is no Linux'
  if (process.getuid?.() !== 0) return 'needs root'
  if (!hasProgram('ip')) return 'needs iproute2'
  const fresh = shell(`ip netns add ${name} && ip -n ${name} -br link && \
    ip -n ${name} link add br0 type bridge && ip -n ${name} link add v0 type veth peer name v1; s=$?; \
    ip netns del ${name} 2>/dev/null; exit $s`)
  if (fresh.status !== 0) return 'network namespaces, bridges and veths cannot be made here'
  if (fresh.stdout.trim().split('\n').length !== 1) return "the machine's new namespaces hold more than lo"
  return null
}

/** What only some versions of the tools print the way the simulated host does. */
export function versionOf(command: string): string {
  return shell(`${command} 2>&1`).stdout
}

function asScript(lines: readonly string[]): string {
  return lines
    .map((line) => {
      const wait = /^!sleep (\S+)$/.exec(line)
      if (wait !== null) return `sleep ${wait[1]}`
      return `{ ${line.replace(/^host1\$ /, '')}; } </dev/null 2>&1; printf '\\001%d\\n' $?`
    })
    .join('\n')
}

/** The transcript of scenario lines that are run for real. The namespaces named are deleted, come what may. */
export async function runForReal(lines: readonly string[], namespaces: readonly string[]): Promise<string> {
  try {
    const output = await new Promise<string>((resolve, reject) => {
      const options = { env: ENVIRONMENT, timeout: 60_000, maxBuffer: 1 << 24 }
      const child = execFile('bash', ['-s'], options, (problem, stdout) =>
        problem === null ? resolve(stdout) : reject(problem),
      )
      child.stdin?.end(asScript(lines))
    })
    return transcriptOf(lines, output)
  } finally {
    shell(namespaces.map((name) => `ip netns del ${name} 2>/dev/null`).join('; '))
  }
}

function transcriptOf(lines: readonly string[], output: string): string {
  const transcript: string[] = []
  let rest = output
  for (const line of lines) {
    transcript.push(line)
    if (line.startsWith('!')) continue
    const end = rest.indexOf('\x01')
    // `ip` says so when a namespace elsewhere on the machine is just being made.
    const text = rest.slice(0, end).replaceAll('Error: Peer netns reference is invalid.\n', '')
    const after = rest.indexOf('\n', end)
    const status = Number(rest.slice(end + 1, after))
    rest = rest.slice(after + 1)
    if (text !== '')
      transcript.push(
        ...text
          .replace(/\n$/, '')
          .split('\n')
          .map((one) => `| ${one}`),
      )
    if (status !== 0) transcript.push(`[exit ${status}]`)
  }
  return `${transcript.join('\n')}\n`
}
