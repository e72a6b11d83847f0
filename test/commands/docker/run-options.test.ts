/** What options of `docker run` do, or how they are recorded; names over TCP; `docker top` with the options of ps. */
import { expect, test } from 'vitest'
import { replay } from '../../../src/headless/replay.ts'

async function shown(...lines: string[]): Promise<string[]> {
  const transcript = await replay(`${lines.join('\n')}\n`, { world: 'linux', engine: '20.10', seed: 3 })
  const result: string[] = []
  for (const line of transcript.split('\n')) {
    if (lines.includes(line)) result.push('')
    else if (line !== '' && result.length > 0) result[result.length - 1] += `${line.replace(/^\| ?/, '')}\n`
  }
  return result
}

test('a health check fails, passes, and takes too long', async () => {
  const status = "host1$ docker ps --format '{{.Names}} {{.Status}}' | sed 's/Up [^(]*//'"
  const output = await shown(
    "host1$ docker run -d --name web --health-cmd 'cat /tmp/ok' --health-interval 3s --health-retries 2 busybox sleep 1d",
    status,
    '!sleep 8',
    `${status} `,
    'host1$ docker exec web touch /tmp/ok',
    '!sleep 4',
    `${status}  `,
    "host1$ docker inspect -f '{{json .Config.Healthcheck}} {{.State.Health.FailingStreak}} {{(index .State.Health.Log 0).ExitCode}}' web",
    'host1$ docker ps -q -f health=healthy | wc -l',
    'host1$ docker rm -f web',
    "host1$ docker run -d --name slow --health-cmd 'sleep 9' --health-timeout 1s --health-interval 1s --health-retries 1 busybox sleep 1d",
    '!sleep 4',
    "host1$ docker inspect -f '{{.State.Health.Status}} {{(index .State.Health.Log 0).Output}}' slow",
    "host1$ docker events --since 1h --until 0s -f type=container --format '{{.Action}}' | grep health_status",
    'host1$ docker run --health-interval 5 busybox',
    'host1$ docker run --no-healthcheck --health-cmd true busybox',
  )
  const [starting, unhealthy, healthy] = [output[1], output[3], output[6]]
  expect([starting, unhealthy, healthy]).toEqual([
    'web (health: starting)\n',
    'web (unhealthy)\n',
    'web (healthy)\n',
  ])
  expect(output[7]).toBe('{"Test":["CMD-SHELL","cat /tmp/ok"],"Interval":3000000000,"Retries":2} 0 1\n')
  expect(output[8]).toBe('1\n')
  expect(output[12]).toBe('unhealthy Health check exceeded timeout (1s)\n')
  expect(output[13]).toBe('health_status: unhealthy\nhealth_status: healthy\nhealth_status: unhealthy\n')
  expect(output[14]).toContain(
    'invalid argument "5" for "--health-interval" flag: time: missing unit in duration "5"',
  )
  expect(output[15]).toContain('docker: --no-healthcheck conflicts with --health-* options.')
})

test('what another container has mounted, devices, limits and groups', async () => {
  const output = await shown(
    "host1$ docker run -d --name one -v data:/data busybox sh -c 'echo kept > /data/file; sleep 1d'",
    'host1$ docker run --rm --volumes-from one:ro busybox sh -c "cat /data/file; touch /data/no"',
    'host1$ docker create --name two --volumes-from one --device /dev/fuse:/dev/x --ulimit nofile=10:20 --group-add 100 --userns host --log-opt max-size=1m busybox',
    "host1$ docker inspect -f '{{json .HostConfig.VolumesFrom}} {{json .HostConfig.Binds}} {{json .HostConfig.Devices}} {{json .HostConfig.Ulimits}} {{json .HostConfig.GroupAdd}} {{.HostConfig.UsernsMode}} {{json .HostConfig.LogConfig.Config}}' two",
    'host1$ docker run --ulimit nofile=20:10 busybox',
    'host1$ docker run --volumes-from nosuch busybox',
  )
  expect(output[1]).toBe('kept\ntouch: /data/no: Read-only file system\n[exit 1]\n')
  expect(output[3]).toBe(
    '["one"] null [{"PathOnHost":"/dev/fuse","PathInContainer":"/dev/x","CgroupPermissions":"rwm"}] [{"Name":"nofile","Hard":20,"Soft":10}] ["100"] host {"max-size":"1m"}\n',
  )
  expect(output[4]).toContain('ulimit soft limit must be less than or equal to hard limit: 20 > 10')
  expect(output[5]).toContain('docker: Error response from daemon: No such container: nosuch.')
})

test('the embedded name server answers over TCP, too', async () => {
  const output = await shown(
    'host1$ docker network create app',
    'host1$ docker run -d --name ann --network app nicolaka/netshoot sleep 1d',
    'host1$ docker run -d --name bob --network app --network-alias all nicolaka/netshoot sleep 1d',
    'host1$ docker run -d --name carl --network app --network-alias all nicolaka/netshoot sleep 1d',
    'ann# dig +tcp +short bob',
    'ann# dig +tcp +short all | sort',
    'ann# dig +tcp +short example.com',
    'ann# dig +tcp +short -x 172.18.0.4',
    'ann# dig +tcp nosuch.example | grep -o NXDOMAIN',
    'ann# for i in 1 2 3 4 5 6 7 8; do dig +short all | head -1; done | sort -u',
  )
  expect(output.slice(4)).toEqual([
    '172.18.0.3\n',
    '172.18.0.3\n172.18.0.4\n',
    '203.0.113.10\n',
    'carl.app.\n',
    'NXDOMAIN\n',
    '172.18.0.3\n172.18.0.4\n',
  ])
})

test('docker top hands its options to ps', async () => {
  const output = await shown(
    'host1$ docker run -d --name box busybox sleep 1d',
    'host1$ docker top box -o pid,comm | sed "s/[0-9][0-9]*/N/" | tr -s " "',
    'host1$ docker top box -o comm',
    'host1$ docker top box aux | tail -1 | tr -s " " | cut -d" " -f1,11-',
  )
  expect(output.slice(1)).toEqual([
    'PID COMMAND\nN sleep\n',
    "Error response from daemon: Couldn't find PID field in ps output\n[exit 1]\n",
    'root sleep 1d\n',
  ])
})

test('--init: process 1 hands on signals and ends as the command does', async () => {
  const output = await shown(
    'host1$ docker run -d --init --name box busybox sleep 1d',
    'box# ps -o pid,args | grep -v ps',
    'host1$ docker stop box',
    "host1$ docker inspect -f '{{.State.ExitCode}} {{.HostConfig.Init}}' box",
    "host1$ docker run --rm --init busybox sh -c 'echo hello; exit 3'",
    'host1$ docker run -dit --init --name shell busybox',
    'host1$ docker exec shell ps -o pid,args | grep -v ps',
    'host1$ docker start box',
    'host1$ docker rm -f box shell',
    'host1$ ps -ef | grep -c "[d]ocker-init"',
  )
  expect(output[1]).toMatch(/^PID {3}COMMAND\n {4}1 \/sbin\/docker-init -- sleep 1d\n +\d+ sleep 1d\n$/)
  expect(output[3]).toBe('143 true\n')
  expect(output[4]).toBe('hello\n[exit 3]\n')
  expect(output[6]).toContain('/sbin/docker-init -- sh')
  expect(output[9]).toBe('0\n[exit 1]\n')
})
