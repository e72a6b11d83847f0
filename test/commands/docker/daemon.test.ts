/** The daemon stops, starts and is told things by daemon.json, in a world with a service manager. */
import { expect, test } from 'vitest'
import { replay } from '../../../src/headless/replay.ts'

async function shown(...lines: string[]): Promise<string[]> {
  const transcript = await replay(`${lines.join('\n')}\n`, { world: 'linux', engine: '20.10', seed: 3 })
  const result: string[] = []
  for (const line of transcript.split('\n')) {
    if (lines.includes(line) && result.length < lines.length) result.push('')
    else if (line !== '' && result.length > 0) result[result.length - 1] += `${line.replace(/^\| ?/, '')}\n`
  }
  return result.map((text) => text.replace(/[0-9a-f]{64}/g, 'ID'))
}

const names = "host1$ docker ps --format '{{.Names}}'"
const reach = 'client$ curl -s -m 2 http://192.168.178.100:8080 | grep -c title'
const rules = 'host1$ iptables-save | grep -v "^[#:]" | md5sum'

test('containers come back as their policies say; rules too, after a flush', async () => {
  const output = await shown(
    'host1$ docker run -d --name web --restart always -p 8080:80 nginx',
    'host1$ docker run -d --name kept --restart unless-stopped busybox sleep 1d',
    'host1$ docker run -d --name by-hand --restart unless-stopped busybox sleep 1d',
    'host1$ docker run -d --name plain busybox sleep 1d',
    'host1$ docker stop -t 0 by-hand',
    'host1$ systemctl restart docker',
    names,
    rules,
    'host1$ iptables -F',
    'host1$ iptables -t nat -F',
    'host1$ systemctl restart docker',
    rules,
    reach,
  )
  expect(output[6]).toBe('kept\nweb\n')
  expect(output[11]).toBe(output[7])
  expect(output[12]).toBe('1\n')
})

test('the bridge network is made anew, others stay', async () => {
  const output = await shown(
    'host1$ docker network create app',
    "host1$ docker network ls -f driver=bridge --format '{{.ID}} {{.Name}}'",
    'host1$ ip link del docker0',
    'host1$ systemctl restart docker',
    "host1$ docker network ls -f driver=bridge --format '{{.ID}} {{.Name}}'",
    'host1$ ip -br link show docker0 | wc -l',
  )
  const [app, bridge] = (output[1] ?? '').split('\n')
  const [appAfter, bridgeAfter] = (output[4] ?? '').split('\n')
  expect(appAfter).toBe(app)
  expect(bridgeAfter).not.toBe(bridge)
  expect(output[5]).toBe('1\n')
})

test('daemon.json: addresses, pools, no docker-proxy, no traffic between containers', async () => {
  const json = {
    bip: '10.99.0.1/24',
    'default-address-pools': [{ base: '10.50.0.0/16', size: 24 }],
    'userland-proxy': false,
    icc: false,
    dns: ['203.0.113.10'],
    mtu: 1400,
  }
  const output = await shown(
    `host1$ echo '${JSON.stringify(json)}' > /etc/docker/daemon.json`,
    'host1$ systemctl restart docker',
    'host1$ docker run -d --name web -p 8080:80 nginx',
    'host1$ docker run -dit --name box busybox',
    'host1$ docker network create app',
    "host1$ docker network inspect -f '{{(index .IPAM.Config 0).Subnet}}' app bridge",
    'box# ping -c 1 -W 1 10.99.0.2',
    'box# cat /etc/resolv.conf',
    'box# cat /sys/class/net/eth0/mtu',
    'host1$ iptables -t nat -S | grep -E "OUTPUT|src-type|DNAT"',
    'host1$ iptables -S FORWARD | tail -1',
    'host1$ pgrep -c docker-proxy',
    'host1$ curl -s -m 2 http://127.0.0.1:8080 | grep -c title',
    reach,
    'host1$ sysctl -n net.ipv4.conf.docker0.route_localnet',
  )
  expect(output[5]).toBe('10.50.0.0/24\n10.99.0.0/24\n')
  expect(output[6]).toContain('100% packet loss')
  expect(output[7]).toBe('nameserver 203.0.113.10\n')
  expect(output[8]).toBe('1400\n')
  expect(output[9]?.split('\n').filter((line) => line.includes('-A') && !line.includes('br-'))).toEqual([
    '-A OUTPUT -m addrtype --dst-type LOCAL -j DOCKER',
    '-A POSTROUTING -o docker0 -m addrtype --src-type LOCAL -j MASQUERADE',
    '-A DOCKER -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.99.0.2:80',
  ])
  expect(output[10]).toBe('-A FORWARD -i docker0 -o docker0 -j DROP\n')
  expect(output.slice(11, 15)).toEqual(['0\n[exit 1]\n', '1\n', '1\n', '1\n'])
})

test('iptables and ip-forward off: the host is left as it is', async () => {
  const output = await shown(
    'host1$ systemctl stop docker',
    'host1$ for t in filter nat; do iptables -t $t -F; iptables -t $t -X; done; iptables -P FORWARD ACCEPT; sysctl -qw net.ipv4.ip_forward=0',
    'host1$ echo \'{"iptables": false, "ip-forward": false}\' > /etc/docker/daemon.json',
    'host1$ systemctl start docker',
    'host1$ docker run -d --name web -p 8080:80 nginx',
    'host1$ iptables-save | grep -c -- -A',
    'host1$ sysctl -n net.ipv4.ip_forward',
    reach,
  )
  expect(output[4]).toContain('WARNING: IPv4 forwarding is disabled. Networking will not work.')
  expect(output.slice(5)).toEqual(['0\n[exit 1]\n', '0\n', '1\n'])
})

test('live-restore: containers go on, names and ports are served again', async () => {
  const output = await shown(
    'host1$ echo \'{"live-restore": true}\' > /etc/docker/daemon.json',
    'host1$ systemctl restart docker',
    'host1$ docker network create app',
    'host1$ docker run -d --name web --network app -p 8080:80 nginx',
    'host1$ docker run -dit --name box --network app busybox',
    "host1$ docker inspect -f '{{.State.Pid}}' web > /tmp/pid",
    'host1$ systemctl stop docker docker.socket',
    'host1$ ps -p $(cat /tmp/pid) -o comm=',
    reach,
    'host1$ docker ps',
    'host1$ systemctl start docker.socket',
    names,
    reach,
    'box# ping -c 1 web | head -1',
    'host1$ nsenter -t $(cat /tmp/pid) -n iptables -t nat -S DOCKER_OUTPUT | wc -l',
  )
  expect(output[7]).toBe('nginx\n')
  expect(output[8]).toBe('1\n')
  expect(output[9]).toContain('Cannot connect to the Docker daemon at unix:///var/run/docker.sock.')
  expect(output.slice(11)).toEqual(['box\nweb\n', '1\n', 'PING web (172.18.0.2): 56 data bytes\n', '3\n'])
})

const wrong: readonly (readonly [string, string])[] = [
  ['{"bip": 5,', 'unexpected EOF'],
  ['{bip}', "invalid character 'b' looking for beginning of object key string"],
  ['{"bip" 5}', "invalid character '5' after object key"],
  ['{"icc": true "mtu": 1}', "invalid character '\"' after object key:value pair"],
  ['{"icc": yes}', "invalid character 'y' looking for beginning of value"],
  ['{"foo": 1}', "the following directives don't match any configuration option: foo"],
  ['{"icc": "no"}', 'json: cannot unmarshal string into Go struct field Config.icc of type bool'],
]

test.each(wrong)('%s is refused', async (text, words) => {
  const output = await shown(
    `host1$ echo '${text}' > /etc/docker/daemon.json`,
    'host1$ systemctl restart docker',
    'host1$ systemctl is-active docker',
    "host1$ journalctl -u docker --no-pager | grep 'unable to configure' | tail -1",
    'host1$ docker ps',
    'host1$ rm /etc/docker/daemon.json; systemctl start docker; docker ps -q | wc -l',
  )
  expect(output[1]).toContain('Job for docker.service failed')
  expect(output[2]).toBe('failed\n[exit 3]\n')
  expect(output[3]).toContain(
    `unable to configure the Docker daemon with file /etc/docker/daemon.json: ${words}\n`,
  )
  expect(output[4]).toContain('Is the docker daemon running?')
  expect(output[5]).toBe('0\n')
})

test('units and verbs that are not there', async () => {
  const output = await shown(
    'host1$ systemctl restart nope',
    'host1$ systemctl status nope',
    'host1$ systemctl frobnicate docker',
    'host1$ systemctl edit docker',
    'host1$ journalctl -u nope',
    'host1$ systemctl status docker | head -3 | tail -1 | cut -d" " -f6-8',
  )
  expect(output).toEqual([
    'Failed to restart nope.service: Unit nope.service not found.\n[exit 5]\n',
    'Unit nope.service could not be found.\n[exit 4]\n',
    'Unknown command verb frobnicate.\n[exit 1]\n',
    "docker-net-tutor: 'systemctl edit docker' exists on a real host but is not modelled here\n[exit 95]\n",
    '-- No entries --\n',
    'Active: active (running)\n',
  ])
})

test('a daemon that is killed comes back; containers end and follow their policies, or go on with live-restore', async () => {
  const transcript = await replay(
    [
      'host1$ docker run -d --name once -p 8080:80 nginx',
      'host1$ docker run -d --name keep --restart always -p 8081:80 nginx',
      'host1$ kill -9 $(pidof dockerd)',
      'host1$ systemctl status docker | grep Active',
      'host1$ pgrep -c docker-proxy',
      'host1$ sleep 3',
      "host1$ docker ps -a --format '{{.Names}} {{.State}}'",
      'host1$ echo \'{"live-restore": true}\' > /etc/docker/daemon.json',
      'host1$ systemctl restart docker',
      'host1$ docker start once',
      'host1$ kill -9 $(pidof dockerd)',
      'host1$ sleep 3',
      "host1$ docker ps --format '{{.Names}} lives'",
      'host1$ curl -s localhost:8080 | grep -c Welcome',
      'host1$ journalctl -u docker --no-pager | grep -c status=9/KILL',
      '',
    ].join('\n'),
    { world: 'linux', engine: '20.10', seed: 2 },
  )
  expect(transcript).toContain('activating (auto-restart) (Result: signal)')
  expect(transcript).toContain('docker-proxy\n| 0\n')
  expect(transcript).toContain('| keep running\n| once exited\n')
  expect(transcript).toContain('| keep lives\n| once lives\n')
  expect(transcript).toContain('grep -c Welcome\n| 2\n')
  expect(transcript).toContain('status=9/KILL\n| 2\n')
})
