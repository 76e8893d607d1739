export enum Level {
  Silver,
  Gold,
}
