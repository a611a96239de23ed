{{/* Who may call the service, and what it may reach. Everything else is closed by default-deny.yaml. */}}
{{- define "mesh.networkPolicy" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .service }}
  labels:
    {{- include "mesh.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "mesh.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  {{- if or .calledBy .callersPort }}
  ingress:
    {{- if .calledBy }}
    - from:
        {{- range .calledBy }}
        - podSelector:
            matchLabels:
              {{- include "mesh.selector" (dict "root" $.root "service" .) | nindent 14 }}
        {{- end }}
      ports:
        - port: 5081
    {{- end }}
    {{- if .callersPort }}
    - from:
        - podSelector:
            matchLabels:
              mesh.issueobservatory/caller: "true"
        {{- with .root.Values.callers.namespaces }}
        - namespaceSelector:
            matchExpressions:
              - key: kubernetes.io/metadata.name
                operator: In
                values:
                  {{- toYaml . | nindent 18 }}
          podSelector:
            matchLabels:
              mesh.issueobservatory/caller: "true"
        {{- end }}
      ports:
        - port: 5080
    {{- end }}
  {{- else }}
  ingress: []
  {{- end }}
  egress:
    # Names are looked up in the cluster's own DNS.
    - to:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: kube-system
      ports:
        - port: 53
          protocol: UDP
        - port: 53
          protocol: TCP
    # Other services of the mesh; which of them answers is said at their side.
    - to:
        - podSelector:
            matchLabels:
              app.kubernetes.io/instance: {{ .root.Release.Name }}
              app.kubernetes.io/part-of: mesh
      ports:
        - port: 5081
    # The stores, wherever they are.
    - ports:
        {{- range .stores }}
        - port: {{ (index $.root.Values.stores .).port }}
        {{- end }}
    {{- with .root.Values.telemetry.otlpEndpoint }}
    # Telemetry.
    - ports:
        - port: {{ regexFind ":[0-9]+$" . | trimPrefix ":" }}
    {{- end }}
    {{- if .internet }}
    # The Research API: the public internet, nothing private.
    - to:
        - ipBlock:
            cidr: 0.0.0.0/0
            except: [10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16]
        - ipBlock:
            cidr: ::/0
            except: ["fc00::/7", "fe80::/10"]
      ports:
        - port: 443
    {{- end }}
{{- end }}
