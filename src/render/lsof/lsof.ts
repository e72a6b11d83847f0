/** lsof's table of network files. lsof(8) OUTPUT, lsof print.c */

export interface NetworkFile {
  readonly command: string
  readonly pid: number
  readonly user: string
  readonly fd: number
  readonly family: 4 | 6
  readonly inode: number
  readonly protocol: 'TCP' | 'UDP'
  /** `*:80`, `127.0.0.1:80->127.0.0.1:40000`. */
  readonly name: string
  /** Of TCP. */
  readonly state: string | null
}

const MOST_COMMAND = 9

export function listFiles(files: readonly NetworkFile[]): string {
  const rows = files.map((file) => ({
    command: file.command.slice(0, MOST_COMMAND),
    pid: String(file.pid),
    user: file.user,
    fd: `${file.fd}u`,
    type: `IPv${file.family}`,
    device: String(file.inode),
    name: `${file.name} ${file.state === null ? '' : `(${file.state})`}`,
    node: file.protocol,
  }))
  const width = (heading: string, texts: readonly string[]): number =>
    Math.max(heading.length, ...texts.map((text) => text.length))
  const command = width(
    'COMMAND',
    rows.map((row) => row.command),
  )
  const pid = width(
    '  PID',
    rows.map((row) => row.pid),
  )
  const user = width(
    'USER',
    rows.map((row) => row.user),
  )
  const device = width(
    'DEVICE',
    rows.map((row) => row.device),
  )
  const heading = `${'COMMAND'.padEnd(command)} ${'PID'.padStart(pid)} ${'USER'.padStart(user)}   FD   TYPE ${'DEVICE'.padStart(device)} SIZE/OFF NODE NAME\n`
  const lines = rows.map(
    (row) =>
      `${row.command.padEnd(command)} ${row.pid.padStart(pid)} ${row.user.padStart(user)} ${row.fd.padStart(5)}  ${row.type} ${row.device.padStart(device)}      0t0 ${row.node.padStart(4)} ${row.name}\n`,
  )
  return heading + lines.join('')
}

const BANNER = `lsof 4.95.0
 latest revision: https://github.com/lsof-org/lsof
 latest FAQ: https://github.com/lsof-org/lsof/blob/master/00FAQ
 latest (non-formatted) man page: https://github.com/lsof-org/lsof/blob/master/Lsof.8
 usage: [-?abhKlnNoOPRtUvVX] [+|-c c] [+|-d s] [+D D] [+|-E] [+|-e s] [+|-f[gG]]
 [-F [f]] [-g [s]] [-i [i]] [+|-L [l]] [+m [m]] [+|-M] [-o [o]] [-p s]
 [+|-r [t]] [-s [p:s]] [-S [t]] [-T [t]] [-u s] [+|-w] [-x [fl]] [--] [names]
Use the \`\`-h'' option to get more help information.
`

export function complaint(text: string): string {
  return `lsof: ${text}\n${BANNER}`
}
