/**
 * Each option of `docker run` and `docker create` in the help text is modelled, or kept and shown by `docker inspect`,
 * or says that it is not modelled: none is swallowed.
 */
import { expect, test } from 'vitest'
import { createFlags, runFlags } from '../../../src/commands/docker/tables/run-flags.ts'
import { replay } from '../../../src/headless/replay.ts'

/** A value for each option, and what then stands in `docker inspect` (JSON of one line). */
const RECORDED: Readonly<Record<string, readonly [string, string]>> = {
  'add-host': ['db:10.0.0.9', '"ExtraHosts":["db:10.0.0.9"]'],
  attach: ['stderr', '"AttachStderr":true'],
  'blkio-weight-device': ['/dev/null:100', '"BlkioWeightDevice":[]'],
  'blkio-weight': ['100', '"BlkioWeight":0'],
  'cap-add': ['NET_ADMIN', '"CapAdd":["NET_ADMIN"]'],
  'cap-drop': ['NET_RAW', '"CapDrop":["NET_RAW"]'],
  'cgroup-parent': ['/my', '"CgroupParent":"/my"'],
  cgroupns: ['private', '"CgroupnsMode":"private"'],
  'cpu-period': ['50000', '"CpuPeriod":50000'],
  'cpu-quota': ['25000', '"CpuQuota":25000'],
  'cpu-rt-period': ['1000', '"CpuRealtimePeriod":1000'],
  'cpu-rt-runtime': ['900', '"CpuRealtimeRuntime":900'],
  'cpu-shares': ['512', '"CpuShares":512'],
  cpus: ['1.5', '"NanoCpus":1500000000'],
  'cpuset-cpus': ['0', '"CpusetCpus":"0"'],
  'cpuset-mems': ['0', '"CpusetMems":"0"'],
  device: ['/dev/null:/dev/nil', '"PathInContainer":"/dev/nil"'],
  'device-cgroup-rule': ['c 42:* rmw', '"DeviceCgroupRules":["c 42:* rmw"]'],
  'device-read-bps': ['/dev/null:2kb', '"BlkioDeviceReadBps":[{"Path":"/dev/null","Rate":2048}]'],
  'device-read-iops': ['/dev/null:5', '"BlkioDeviceReadIOps":[{"Path":"/dev/null","Rate":5}]'],
  'device-write-bps': ['/dev/null:2kb', '"BlkioDeviceWriteBps":[{"Path":"/dev/null","Rate":2048}]'],
  'device-write-iops': ['/dev/null:5', '"BlkioDeviceWriteIOps":[{"Path":"/dev/null","Rate":5}]'],
  dns: ['10.0.0.53', '"Dns":["10.0.0.53"]'],
  'dns-option': ['ndots:2', '"DnsOptions":["ndots:2"]'],
  'dns-search': ['lan', '"DnsSearch":["lan"]'],
  domainname: ['example.com', '"Domainname":"example.com"'],
  entrypoint: ['/bin/ls', '"Entrypoint":["/bin/ls"]'],
  env: ['COLOUR=blue', '"COLOUR=blue"'],
  'env-file': ['/root/env', '"FROM_FILE=1"'],
  expose: ['81/udp', '"81/udp":{}'],
  gpus: ['all', '"DeviceRequests":[{"Driver":"","Count":-1'],
  'group-add': ['5', '"GroupAdd":["5"]'],
  'health-cmd': ['true', '"Test":["CMD-SHELL","true"]'],
  'health-interval': ['7s', '"Interval":7000000000'],
  'health-retries': ['4', '"Retries":4'],
  'health-start-period': ['8s', '"StartPeriod":8000000000'],
  'health-timeout': ['9s', '"Timeout":9000000000'],
  hostname: ['box', '"Hostname":"box"'],
  init: ['', '"Init":true'],
  interactive: ['', '"OpenStdin":true'],
  ip: ['10.77.0.9', '"IPv4Address":"10.77.0.9"'],
  ip6: ['2001:db8::9', '"IPv6Address":"2001:db8::9"'],
  ipc: ['host', '"IpcMode":"host"'],
  isolation: ['default', '"Isolation":"default"'],
  'kernel-memory': ['20m', '"KernelMemory":20971520'],
  label: ['tier=web', '"tier":"web"'],
  'label-file': ['/root/labels', '"from":"file"'],
  link: ['first:alias', '"Links":["first:alias"]'],
  'link-local-ip': ['169.254.9.9', '"LinkLocalIPs":["169.254.9.9"]'],
  'log-driver': ['local', '"LogConfig":{"Type":"local"'],
  'log-opt': ['max-size=1m', '"Config":{"max-size":"1m"}'],
  'mac-address': ['02:42:0a:00:00:07', '"MacAddress":"02:42:0a:00:00:07"'],
  memory: ['10m', '"Memory":10485760'],
  'memory-reservation': ['10m', '"MemoryReservation":10485760'],
  'memory-swappiness': ['3', '"MemorySwappiness":3'],
  mount: ['type=tmpfs,target=/m', '"Mounts":[{"Type":"tmpfs","Target":"/m"'],
  name: ['other', '"Name":"/other"'],
  network: ['own', '"NetworkMode":"own"'],
  'network-alias': ['db', '"Aliases":["db"]'],
  'no-healthcheck': ['', '"Test":["NONE"]'],
  'oom-kill-disable': ['', '"OomKillDisable":true'],
  'oom-score-adj': ['7', '"OomScoreAdj":7'],
  pid: ['host', '"PidMode":"host"'],
  'pids-limit': ['50', '"PidsLimit":50'],
  privileged: ['', '"Privileged":true'],
  publish: ['8080:80', '"HostPort":"8080"'],
  'publish-all': ['', '"PublishAllPorts":true'],
  'read-only': ['', '"ReadonlyRootfs":true'],
  restart: ['always', '"RestartPolicy":{"Name":"always"'],
  rm: ['', '"AutoRemove":true'],
  runtime: ['runc', '"Runtime":"runc"'],
  'security-opt': ['no-new-privileges', '"SecurityOpt":["no-new-privileges"]'],
  'shm-size': ['1m', '"ShmSize":1048576'],
  'stop-signal': ['SIGINT', '"StopSignal":"SIGINT"'],
  'stop-timeout': ['3', '"StopTimeout":3'],
  sysctl: ['net.ipv4.ip_forward=0', '"Sysctls":{"net.ipv4.ip_forward":"0"}'],
  tmpfs: ['/t:size=1m', '"Tmpfs":{"/t":"size=1m"}'],
  tty: ['', '"Tty":true'],
  ulimit: ['nofile=5:6', '"Name":"nofile","Hard":6,"Soft":5'],
  user: ['1000', '"User":"1000"'],
  userns: ['host', '"UsernsMode":"host"'],
  uts: ['host', '"UTSMode":"host"'],
  volume: ['data:/data', '"Binds":["data:/data"]'],
  'volume-driver': ['local', '"VolumeDriver":"local"'],
  'volumes-from': ['first', '"VolumesFrom":["first"]'],
  workdir: ['/tmp', '"WorkingDir":"/tmp"'],
}

/** Their effect is not on the container's settings; here it is looked at, or another test does. */
const ELSEWHERE: Readonly<Record<string, readonly [string, string]>> = {
  cidfile: ['--cidfile /tmp/id', ''],
  'disable-content-trust': [
    '--disable-content-trust=false',
    'exists on a real host but is not modelled here',
  ],
  help: ['--help', 'Usage:  docker create [OPTIONS] IMAGE'],
  'memory-swap': ['--memory 10m --memory-swap 20m', ''],
  platform: ['--platform linux/arm64', 'no matching manifest for linux/arm64'],
  pull: ['--pull always', 'Status: Image is up to date'],
  'storage-opt': ['--storage-opt size=1G', '--storage-opt is supported only for overlay over xfs'],
}

/** On user-defined networks alone. */
const OWN_NETWORK = new Set(['ip', 'ip6', 'link', 'link-local-ip', 'network-alias'])

test('every option of the help is known here', () => {
  for (const flag of createFlags.filter((one) => !one.hidden))
    expect(Object.hasOwn(RECORDED, flag.name) || Object.hasOwn(ELSEWHERE, flag.name), flag.name).toBe(true)
  const more = runFlags
    .filter((flag) => !createFlags.some((one) => one.name === flag.name))
    .map((flag) => flag.name)
  expect(more).toEqual(['detach', 'detach-keys', 'sig-proxy'])
})

test('what is accepted is shown by inspect', async () => {
  const lines = [
    'host1$ echo FROM_FILE=1 > /root/env; echo from=file > /root/labels',
    'host1$ docker network create --subnet 10.77.0.0/24 own',
    'host1$ docker run -d --name first --network own busybox sleep 1000',
  ]
  const seen: { name: string; wanted: string; line: string }[] = []
  for (const [name, [value, wanted]] of Object.entries(RECORDED)) {
    const own = OWN_NETWORK.has(name) ? '--network own ' : ''
    const option = value === '' ? `--${name}` : `--${name} '${value}'`
    const called = name === 'name' ? '' : `--name x-${name} `
    lines.push(`host1$ docker create ${called}${own}${option} busybox`)
    const term = name === 'name' ? value : `x-${name}`
    const line = `host1$ docker inspect -f '{{json .}}' ${term}`
    lines.push(line)
    seen.push({ name, wanted, line })
  }
  const transcript = await replay(`${lines.join('\n')}\n`, { world: 'linux', engine: '20.10', seed: 4 })
  for (const { name, wanted, line } of seen) {
    const shown = transcript.slice(transcript.indexOf(`${line}\n`) + line.length).split('\nhost1$')[0] ?? ''
    expect(shown, `--${name}`).toContain(wanted)
  }
})

test('what is not for inspect has its effect or says why not', async () => {
  const lines = Object.values(ELSEWHERE).map(([options]) => `host1$ docker create ${options} busybox`)
  const all = [
    ...lines,
    'host1$ cat /tmp/id',
    "host1$ docker inspect -f '{{.HostConfig.MemorySwap}}' $(docker ps -alq)",
  ]
  const transcript = await replay(`${all.join('\n')}\n`, { world: 'linux', engine: '20.10', seed: 4 })
  for (const [index, [name, [, wanted]]] of Object.entries(ELSEWHERE).entries()) {
    const line = lines[index]!
    const shown = transcript.slice(transcript.indexOf(`${line}\n`) + line.length).split('\nhost1$')[0] ?? ''
    expect(shown, `--${name}`).toContain(wanted)
  }
  expect(transcript).toMatch(/cat \/tmp\/id\n\| [0-9a-f]{64}/)
})
