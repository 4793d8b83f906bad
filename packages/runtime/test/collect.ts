/** Collects until the condition holds, or so many times; what is behind collected objects is let go by tasks in between. */
export async function collect(until: () => boolean, times: number = 50): Promise<void> {
  for (let i = 0; i < times && !until(); i++) {
    gc!();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
