/* oxlint-disable import/no-default-export -- Next reads it. */
import Link from "next/link";

export const metadata = { title: "A tea shop", description: "Rendered on a server, taken over in the browser." };

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>
        <nav>
          <Link href="/">Home</Link> <Link href="/tea/sencha">Sencha</Link> <Link href="/slow">Slow</Link>
        </nav>
        {children}
      </body>
    </html>
  );
}
