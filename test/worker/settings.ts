/** Settings that can be used. A test changes the one that it is about. */
export const widgetId = "2f6b4f5c-8a51-4c1e-9d6b-0a6f3c1d2e4b";
export const securityKey = "kX3mQ9vT1zR7pL5wN8sB2dF6gH4jK0aYcUeIoPqWxZrV";

const clientUrl = "https://example-alias.my.connect.aws/connectwidget/static/amazon-connect-chat-interface-client.js";

export const snippet = `<script type="text/javascript">
  (function(w, d, x, id){
    s=d.createElement('script');
    s.src='${clientUrl}';
    s.async=1;
    s.id=id;
    d.getElementsByTagName('head')[0].appendChild(s);
    w[x] =  w[x] || function() { (w[x].ac = w[x].ac || []).push(arguments) };
  })(window, document, 'amazon_connect', '${widgetId}');
  amazon_connect('styles', { openChat: { color: '#ffffff', backgroundColor: '#123456' } });
  amazon_connect('snippetId', '${"QVFJREFIaX".repeat(40)}');
  amazon_connect('supportedMessagingContentTypes', [ 'text/plain', 'text/markdown' ]);
</script>`;

export const settings = {
  WIDGET_SNIPPET: snippet,
  WIDGET_SECURITY_KEY: securityKey,
  COOKIE_SECRET: "dGhpcnR5LXR3byByYW5kb20gYnl0ZXMsIGJhc2U2NHVybCE",
  LOG_LEVEL: "debug",
} as const;
