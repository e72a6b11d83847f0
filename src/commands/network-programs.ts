/** Programs that speak to the network, by the names under which the file trees know them. */
import type { Command } from './context.ts'

export type CommandLoader = () => Promise<Command> | Command

export const networkPrograms: readonly (readonly [string, CommandLoader])[] = [
  ['bind/dig', async () => (await import('./bind/dig.ts')).dig],
  ['bind/host', async () => (await import('./bind/host.ts')).host],
  ['bind/nslookup', async () => (await import('./bind/nslookup.ts')).nslookup],
  ['curl', async () => (await import('./curl/curl.ts')).curl],
  ['getent', async () => (await import('./getent/getent.ts')).getent],
  ['iperf3', async () => (await import('./iperf3/iperf3.ts')).iperf3],
  ['iputils/arping', async () => (await import('./iputils/arping.ts')).arping],
  ['iputils/ping', async () => (await import('./iputils/ping.ts')).ping],
  ['iputils/tracepath', async () => (await import('./iputils/tracepath.ts')).tracepath],
  ['mtr', async () => (await import('./mtr/mtr.ts')).mtr],
  ['lsof', async () => (await import('./lsof/lsof.ts')).lsof],
  ['netcat', async () => (await import('./netcat/nc.ts')).nc],
  ['nginx', async () => (await import('./nginx/nginx.ts')).nginx],
  ['openssh-client/ssh', async () => (await import('./openssh/ssh.ts')).ssh],
  ['python3', async () => (await import('./nginx/python.ts')).python],
  ['service/http-echo', async () => (await import('./service/service.ts')).httpEcho],
  ['service/postgres', async () => (await import('./service/service.ts')).postgres],
  ['service/redis-cli', async () => (await import('./service/redis-cli.ts')).redisCli],
  ['service/redis-server', async () => (await import('./service/service.ts')).redisServer],
  ['service/whoami', async () => (await import('./service/service.ts')).whoami],
  ['socat', async () => (await import('./netcat/socat.ts')).socat],
  ['tcpdump', async () => (await import('./tcpdump/tcpdump.ts')).tcpdump],
  ['traceroute', async () => (await import('./traceroute/traceroute.ts')).traceroute],
  ['wget', async () => (await import('./wget/wget.ts')).wget],
]
