/** A natural number below 2⁴⁰⁹⁶, as large as exact decimals need. What would be larger traps. */
export class Natural {
  // The least significant first; those from `length` on are 0.
  private limbs: StaticArray<u32> = new StaticArray<u32>(128);
  private length: i32 = 0;

  /** How many bits it takes; 0 for 0. */
  get bits(): i32 {
    const length = this.length;
    return length == 0 ? 0 : 32 * length - <i32>clz(this.limbs[length - 1]);
  }

  multiplyAdd(factor: u32, addend: u32): void {
    let carry: u64 = addend;
    for (let i = 0; i < this.length; i++) {
      carry += <u64>this.limbs[i] * factor;
      this.limbs[i] = <u32>carry;
      carry >>= 32;
    }
    if (carry) this.limbs[this.length++] = <u32>carry;
  }

  multiplyByPowerOf10(exponent: i32): void {
    for (; exponent >= 9; exponent -= 9) this.multiplyAdd(1000000000, 0);
    for (; exponent > 0; exponent--) this.multiplyAdd(10, 0);
  }

  shiftLeft(bits: i32): void {
    const whole = bits >> 5;
    if (whole > 0 && this.length > 0) {
      for (let i = this.length - 1; i >= 0; i--) this.limbs[i + whole] = this.limbs[i];
      for (let i = 0; i < whole; i++) this.limbs[i] = 0;
      this.length += whole;
    }
    this.multiplyAdd(1 << (bits & 31), 0);
  }

  /** Takes away another number that is not larger; if it is, returns false and leaves all as it is. */
  trySubtract(other: Natural): bool {
    if (this.isLessThan(other)) return false;
    let borrow: i64 = 0;
    for (let i = 0; i < this.length; i++) {
      borrow += <i64>this.limbs[i] - <i64>other.limbs[i];
      this.limbs[i] = <u32>borrow;
      borrow >>= 32;
    }
    while (this.length > 0 && this.limbs[this.length - 1] == 0) this.length--;
    return true;
  }

  private isLessThan(other: Natural): bool {
    for (let i = max(this.length, other.length) - 1; i >= 0; i--) {
      if (this.limbs[i] != other.limbs[i]) return this.limbs[i] < other.limbs[i];
    }
    return false;
  }
}
