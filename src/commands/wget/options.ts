/** Every option of GNU Wget 1.21.3, as `wget --help` lists them: letter, name, `=` where a value follows. */

const LIST = `
V version
  no-verbose
  no-clobber
  no-directories
  no-host-directories
  no-parent
h help
b background
e execute =
o output-file =
a append-output =
d debug
q quiet
v verbose
  report-speed =
i input-file =
F force-html
B base =
  config =
  no-config
  rejected-log =
t tries =
  retry-connrefused
  retry-on-http-error =
O output-document =
  no-netrc
c continue
  start-pos =
  progress =
  show-progress
N timestamping
  no-if-modified-since
  no-use-server-timestamps
S server-response
  spider
T timeout =
  dns-timeout =
  connect-timeout =
  read-timeout =
w wait =
  waitretry =
  random-wait
  no-proxy
Q quota =
  bind-address =
  limit-rate =
  no-dns-cache
  restrict-file-names =
  ignore-case
4 inet4-only
6 inet6-only
  prefer-family =
  user =
  password =
  ask-password
  use-askpass =
  no-iri
  local-encoding =
  remote-encoding =
  unlink
  xattr
x force-directories
  protocol-directories
P directory-prefix =
  cut-dirs =
  http-user =
  http-password =
  no-cache
  default-page =
E adjust-extension
  ignore-length
  header =
  compression =
  max-redirect
  proxy-user =
  proxy-password =
  referer =
  save-headers
U user-agent =
  no-http-keep-alive
  no-cookies
  load-cookies =
  save-cookies =
  keep-session-cookies
  post-data =
  post-file =
  method =
  body-data =
  body-file =
  content-disposition
  content-on-error
  auth-no-challenge
  secure-protocol =
  https-only
  no-check-certificate
  certificate =
  certificate-type =
  private-key =
  private-key-type =
  ca-certificate =
  ca-directory =
  crl-file =
  pinnedpubkey =
  ciphers =
  no-hsts
  hsts-file
  ftp-user =
  ftp-password =
  no-remove-listing
  no-glob
  no-passive-ftp
  preserve-permissions
  retr-symlinks
  ftps-implicit
  ftps-resume-ssl
  ftps-clear-data-connection
  ftps-fallback-to-ftp
  warc-file =
  warc-header =
  warc-max-size =
  warc-cdx
  warc-dedup =
  no-warc-compression
  no-warc-digests
  no-warc-keep-log
  warc-tempdir =
r recursive
l level =
  delete-after
k convert-links
  convert-file-only
  backups =
K backup-converted
m mirror
p page-requisites
  strict-comments
A accept =
R reject =
  accept-regex =
  reject-regex =
  regex-type =
D domains =
  exclude-domains =
  follow-ftp
  follow-tags =
  ignore-tags =
H span-hosts
L relative
I include-directories =
  trust-server-names
X exclude-directories =
`

interface WgetOption {
  readonly letter: string
  readonly name: string
  readonly hasValue: boolean
}

const OPTIONS: readonly WgetOption[] = LIST.split('\n')
  .filter((line) => line.length > 2)
  .map((line) => ({
    letter: line[0] ?? ' ',
    name: line.slice(2).split(' ')[0] ?? '',
    hasValue: line.endsWith(' ='),
  }))

export const WGET_LONG: Readonly<Record<string, 'flag' | 'value'>> = Object.fromEntries(
  OPTIONS.map(({ name, hasValue }) => [name, hasValue ? 'value' : 'flag'] as const),
)

/** Letter → long name. */
export const WGET_LETTERS: Readonly<Record<string, string>> = Object.fromEntries(
  OPTIONS.filter(({ letter }) => letter !== ' ').map(({ letter, name }) => [letter, name] as const),
)

export const WGET_SHORT: string = OPTIONS.filter(({ letter }) => letter !== ' ')
  .map(({ letter, hasValue }) => (hasValue ? `${letter}:` : letter))
  .join('')
