const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const DAY_MS = 86_400_000;

/** What each letter of a format stands for, as in PHP's `date`; the time zone is always UTC. */
const LETTERS: Readonly<Record<string, (date: Date) => string | number>> = {
  d: (date) => pad(date.getUTCDate()),
  j: (date) => date.getUTCDate(),
  D: (date) => nameOfDay(date).slice(0, 3),
  l: nameOfDay,
  N: weekday,
  w: (date) => date.getUTCDay(),
  z: dayOfYear,
  W: (date) => pad(isoWeek(date).week),
  o: (date) => isoWeek(date).year,
  m: (date) => pad(date.getUTCMonth() + 1),
  n: (date) => date.getUTCMonth() + 1,
  M: (date) => nameOfMonth(date).slice(0, 3),
  F: nameOfMonth,
  t: (date) => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate(),
  L: (date) => (new Date(Date.UTC(date.getUTCFullYear(), 1, 29)).getUTCDate() === 29 ? 1 : 0),
  Y: (date) => pad(date.getUTCFullYear(), 4),
  y: (date) => pad(date.getUTCFullYear() % 100),
  a: (date) => (date.getUTCHours() < 12 ? "am" : "pm"),
  A: (date) => (date.getUTCHours() < 12 ? "AM" : "PM"),
  g: twelveHours,
  G: (date) => date.getUTCHours(),
  h: (date) => pad(twelveHours(date)),
  H: (date) => pad(date.getUTCHours()),
  i: (date) => pad(date.getUTCMinutes()),
  s: (date) => pad(date.getUTCSeconds()),
  v: (date) => pad(date.getUTCMilliseconds(), 3),
  u: (date) => pad(date.getUTCMilliseconds() * 1000, 6),
  e: () => "UTC",
  T: () => "UTC",
  P: () => "+00:00",
  p: () => "Z",
  O: () => "+0000",
  Z: () => 0,
  I: () => 0,
  c: (date) => formatDate("Y-m-d\\TH:i:sP", date),
  r: (date) => formatDate("D, d M Y H:i:s O", date),
  U: (date) => Math.floor(date.getTime() / 1000),
};

/** "Y-m-d H:i:s" → "2026-11-22 19:07:00", in UTC. A backslash takes its meaning from the letter behind it. */
export function formatDate(format: string, date: Date): string {
  return format.replace(/\\?[^]/gu, (letter) => {
    if (letter.startsWith("\\")) return letter.slice(1);
    return Object.hasOwn(LETTERS, letter) ? String(LETTERS[letter]?.(date)) : letter;
  });
}

function pad(number: number, length = 2): string {
  return String(number).padStart(length, "0");
}

function nameOfDay(date: Date): string {
  return DAYS[date.getUTCDay()] ?? "";
}

function nameOfMonth(date: Date): string {
  return MONTHS[date.getUTCMonth()] ?? "";
}

function twelveHours(date: Date): number {
  return date.getUTCHours() % 12 === 0 ? 12 : date.getUTCHours() % 12;
}

/** 1 is Monday, 7 is Sunday. */
function weekday(date: Date): number {
  return date.getUTCDay() === 0 ? 7 : date.getUTCDay();
}

/** From 0. */
function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY_MS);
}

/** The week of ISO 8601, which belongs to the year that its Thursday is in. */
function isoWeek(date: Date): { year: number; week: number } {
  const thursday = new Date(date.getTime() + (4 - weekday(date)) * DAY_MS);
  return { year: thursday.getUTCFullYear(), week: Math.floor(dayOfYear(thursday) / 7) + 1 };
}
