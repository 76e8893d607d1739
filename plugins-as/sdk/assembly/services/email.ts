/** A message to send. */
export class Email {
  /** The same in HTML, for readers that show it. */
  html: string | null = null;

  constructor(
    /** Bare addresses: "ada@example.com". */
    public to: string[],
    /** One line. */
    public subject: string,
    /** For every reader. */
    public text: string,
  ) {}

  /** Sets the HTML and returns the message. */
  withHtml(html: string): Email {
    this.html = html;
    return this;
  }
}
