/** ps, kill, pgrep and their kin on the lab; the wordings are those of procps-ng 4.0.2, psmisc 23.6, busybox 1.35. */
import { beforeAll, expect, test } from 'vitest'
import { type Lab, openLab } from '../lab-lines.ts'

let lab: Lab
beforeAll(async () => {
  lab = openLab()
  await lab.run('docker run -d --name web -p 8080:80 nginx')
  await lab.run('docker run -dit --name c1 busybox')
})

test('ps chooses by name, by number, by all', async () => {
  expect(await lab.run('ps -C nginx -o args')).toBe(
    'COMMAND\nnginx: master process nginx -g daemon off;\nnginx: worker process\nnginx: worker process\n',
  )
  expect(await lab.run('ps -p 1 -o pid,ppid,comm,stat')).toBe(
    '  PID  PPID COMMAND         STAT\n    1     0 init            Ss\n',
  )
  expect(await lab.run('ps -C nosuch')).toBe('  PID TTY          TIME CMD\n[exit 1]\n')
  expect(await lab.run('ps -C docker-proxy --no-headers -o comm=')).toBe('docker-proxy\ndocker-proxy\n')
  expect(await lab.run('ps -e --no-headers | wc -l')).toBe(await lab.run('ps aux --no-headers | wc -l'))
})

test('ps has the headings of each style', async () => {
  const first = async (line: string): Promise<string> => (await lab.run(`${line} | head -n 1`)).trimEnd()
  expect(await first('ps')).toBe('  PID TTY          TIME CMD')
  expect(await first('ps aux')).toBe(
    'USER       PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND',
  )
  expect(await first('ps -ef')).toBe('UID        PID  PPID  C STIME TTY          TIME CMD')
  expect(await first('ps ax')).toBe('  PID TTY      STAT   TIME COMMAND')
  expect(await first('ps -l')).toBe('F S   UID   PID  PPID  C PRI  NI ADDR SZ WCHAN  TTY          TIME CMD')
  expect(await first('ps -o pid,args -p 1')).toBe('  PID COMMAND')
  expect(await first('ps -o pid=NUMBER -p 1')).toBe('NUMBER')
})

test('ps draws the forest with what init holds at the margin', async () => {
  const text = await lab.run('ps axf')
  expect(text).toMatch(/\? +Ssl +0:00 \/usr\/bin\/containerd-shim-runc-v2/)
  expect(text).toMatch(/\? +Ss? +0:00 {2}\\_ nginx: master/)
  expect(text).toMatch(/\? +Ss? +0:00 {6}\\_ nginx: worker/)
})

test('ps refuses what it does not know', async () => {
  expect(await lab.run('ps -o foo 2>&1 | head -n 1')).toBe(
    'error: unknown user-defined format specifier "foo"\n',
  )
  expect(await lab.run('ps --nosuch 2>&1 | head -n 1')).toBe('error: unknown gnu long option\n')
  expect(await lab.run('ps -z 2>&1 | head -n 1')).toBe('error: unsupported SysV option\n')
  expect(await lab.run('ps -eL')).toContain('exists on a real host but is not modelled here\n[exit 95]')
})

test('a container sees its own processes, with numbers of its own', async () => {
  expect(await lab.run('docker exec c1 ps -o pid,comm')).toMatch(/^PID {3}COMMAND\n {4}1 sh\n +\d+ ps\n$/)
  expect(await lab.run('docker exec c1 ps -o foo')).toContain(
    "ps: bad -o argument 'foo', supported arguments: user,group,comm,args,pid,ppid,pgid,",
  )
  expect(await lab.run('docker exec c1 pidof sh')).toBe('1\n')
  expect(await lab.run('docker exec c1 kill -9 1; docker inspect -f "{{.State.Running}}" c1')).toBe('true\n')
})

test('signals go by number, by name, by pattern', async () => {
  const { run } = openLab()
  await run('sleep 500 & sleep 600 & sleep 700 &')
  expect(await run('pgrep -c sleep; pgrep -fx "sleep 600" | wc -l')).toBe('3\n1\n')
  expect(await run('pkill -fx "sleep 600"; pgrep -a sleep | cut -d" " -f2-')).toBe('sleep 500\nsleep 700\n')
  expect(await run('/bin/kill $(pgrep -n sleep); pidof sleep | wc -w')).toBe('1\n')
  expect(await run('killall sleep; killall sleep')).toBe('sleep: no process found\n[exit 1]\n')
  expect(await run('/bin/kill 99999')).toBe('/bin/kill: (99999): No such process\n[exit 1]\n')
  expect(await run('/bin/kill -l 9; /bin/kill -l TERM')).toBe('KILL\n15\n')
  expect(await run('pgrep')).toBe(
    "pgrep: no matching criteria specified\nTry `pgrep --help' for more information.\n[exit 2]\n",
  )
})

test('pstree puts like branches together', async () => {
  expect(await lab.run('pstree -T 1')).toMatch(/-containerd-shim---nginx---2\*\[nginx\]\n/)
  expect(await lab.run('pstree -Tp $(docker inspect -f "{{.State.Pid}}" web)')).toMatch(
    /^nginx\(\d+\)-\+-nginx\(\d+\)\n +`-nginx\(\d+\)\n$/,
  )
})

test('free, uptime, top and w agree with /proc', async () => {
  const total = Number(/MemTotal: +(\d+)/.exec(await lab.run('cat /proc/meminfo'))![1])
  expect(await lab.run("free | awk '/^Mem/ {print $2}'")).toBe(`${total}\n`)
  expect(await lab.run("free -m | awk '/^Mem/ {print $2}'")).toBe(`${Math.floor(total / 1024)}\n`)
  expect(await lab.run('uptime')).toMatch(
    /^ \d\d:\d\d:\d\d up {2}1:00, {2}0 user, {2}load average: [\d.]+, [\d.]+, [\d.]+\n$/,
  )
  expect(await lab.run('top -b -n1 | head -n 1')).toMatch(/^top - \d\d:\d\d:\d\d up/)
})

test('watch asks again until it is stopped', async () => {
  const text = await lab.run('timeout 5 watch -n 2 -t echo tick')
  expect(text.match(/tick/g)).toHaveLength(3)
  expect(text).toContain('[exit 124]')
})
