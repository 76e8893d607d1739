/** What is read or written at once. @see wit/services.wit */
export const MAX_PIECE_BYTES = 1_048_576;
