/** How many arrays and objects may stand around a value. */
export const MAX_DEPTH: i32 = 128;
