export const WIDGET_ID = "b2f7c7a4-4d3b-4a57-9d0e-0a3c1d7f1e55";
export const OTHER_WIDGET_ID = "0f9f1c0e-7f6e-4b58-9f53-6d3d5cf4a001";
export const SCRIPT_URL = "https://d1x2y3.cloudfront.net/amazon-connect-chat-interface-client.js";
export const SNIPPET_ID = "QVFJREFIZ2l0K1B4/NmF3dGVzdA==";

/** The console's snippet without its script element. */
export const CODE = `
  (function(w, d, x, id){
    s=d.createElement('script');
    s.src='${SCRIPT_URL}';
    s.async=1;
    s.id=id;
    d.getElementsByTagName('head')[0].appendChild(s);
    w[x] =  w[x] || function() { (w[x].ac = w[x].ac || []).push(arguments) };
  })(window, document, 'amazon_connect', '${WIDGET_ID}');
  amazon_connect('styles', { openChat: { color: '#ffffff', backgroundColor: '#07b62a'} });
  amazon_connect('snippetId', '${SNIPPET_ID}');
  amazon_connect('supportedMessagingContentTypes', [ 'text/plain', 'text/markdown' ]);
`;
export const CONSOLE_SNIPPET = `<script type="text/javascript">${CODE}</script>`;
