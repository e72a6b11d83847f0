/** strftime(3), in UTC: the clocks of our hosts show no other zone. */

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

const two = (value: number, fill = '0'): string => String(value).padStart(2, fill)

export function formatTime(format: string, ms: number, fractionNs = (ms % 1000) * 1e6): string {
  const date = new Date(ms)
  return format.replace(/%([-_0^]?)(%|[a-zA-Z])/g, (whole, flag: string, letter: string) => {
    const text = field(date, letter, fractionNs)
    if (text === undefined) return whole
    if (flag === '-') return text.replace(/^[0 ]+(?=\d)/, '')
    if (flag === '_') return text.replace(/^0+(?=\d)/, (zeros) => ' '.repeat(zeros.length))
    return flag === '^' ? text.toUpperCase() : text
  })
}

function field(date: Date, letter: string, fractionNs: number): string | undefined {
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  const [hours, minutes, seconds] = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()]
  const twelve = hours % 12 === 0 ? 12 : hours % 12
  switch (letter) {
    case '%':
      return '%'
    case 'Y':
      return String(year)
    case 'C':
      return two(Math.floor(year / 100))
    case 'y':
      return two(year % 100)
    case 'm':
      return two(month + 1)
    case 'd':
      return two(day)
    case 'e':
      return two(day, ' ')
    case 'H':
      return two(hours)
    case 'I':
      return two(twelve)
    case 'M':
      return two(minutes)
    case 'S':
      return two(seconds)
    case 'p':
      return hours < 12 ? 'AM' : 'PM'
    case 'N':
      return String(Math.floor(fractionNs)).padStart(9, '0')
    case 's':
      return String(Math.floor(date.getTime() / 1000))
    case 'a':
      return DAYS[date.getUTCDay()]!.slice(0, 3)
    case 'A':
      return DAYS[date.getUTCDay()]!
    case 'b':
    case 'h':
      return MONTHS[month]!.slice(0, 3)
    case 'B':
      return MONTHS[month]!
    case 'j':
      return String(Math.floor((Date.UTC(year, month, day) - Date.UTC(year, 0, 1)) / 86400000) + 1).padStart(
        3,
        '0',
      )
    case 'u':
      return String(date.getUTCDay() || 7)
    case 'w':
      return String(date.getUTCDay())
    case 'Z':
      return 'UTC'
    case 'z':
      return '+0000'
    case 'n':
      return '\n'
    case 't':
      return '\t'
    case 'F':
      return formatTime('%Y-%m-%d', date.getTime())
    case 'D':
    case 'x':
      return formatTime('%m/%d/%y', date.getTime())
    case 'T':
    case 'X':
      return formatTime('%H:%M:%S', date.getTime())
    case 'R':
      return formatTime('%H:%M', date.getTime())
    case 'r':
      return formatTime('%I:%M:%S %p', date.getTime())
    case 'c':
      return formatTime('%a %b %e %H:%M:%S %Y', date.getTime())
    default:
      return undefined
  }
}
