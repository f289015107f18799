/**
 * Builds the snippet as the Connect console shows it for copying.
 *
 * Amazon's snippet does not declare `s` either: it fails in strict mode and in a module.
 */
export function buildSnippet(clientUrl: string, widgetId: string, snippetId: string): string {
  return `<script type="text/javascript">
  (function(w, d, x, id){
    s=d.createElement('script');
    s.src='${clientUrl}';
    s.async=1;
    s.id=id;
    d.getElementsByTagName('head')[0].appendChild(s);
    w[x] =  w[x] || function() { (w[x].ac = w[x].ac || []).push(arguments) };
  })(window, document, 'amazon_connect', '${widgetId}');
  amazon_connect('styles', { iconType: 'CHAT', openChat: { color: '#ffffff', backgroundColor: '#0f5c5c' }, closeChat: { color: '#ffffff', backgroundColor: '#0f5c5c'} });
  amazon_connect('snippetId', '${snippetId}');
  amazon_connect('supportedMessagingContentTypes', [ 'text/plain', 'text/markdown', 'application/vnd.amazonaws.connect.message.interactive', 'application/vnd.amazonaws.connect.message.interactive.response' ]);
</script>
`;
}

/**
 * The snippet with the owner's own `authenticate` in it.
 *
 * @param tokenPath Path on the owner's site that answers `{"token": "…"}` for the visitor who is signed in.
 */
export function withAuthenticate(snippet: string, tokenPath: string): string {
  const call = `  amazon_connect('authenticate', function (callback) {
    fetch('${tokenPath}').then(function (response) { return response.json(); }).then(function (answer) { callback(answer.token); });
  });
`;
  return snippet.replace("</script>", () => `${call}</script>`);
}
