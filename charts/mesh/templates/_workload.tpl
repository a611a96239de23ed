{{/*
One service: everything that Kubernetes must know to run it. A service's own file gives
  service      its name: folder, image, Service and service.name are the same word
  calledBy     the services that may call it
  callersPort  true where arenas call it (port 5080), besides the port of the mesh (5081)
  stores       which of mongoDb, redis, rabbitMq it uses
  internet     true where it talks to the Research API
  env          its own settings that are not secret, as a map
  secrets      its own secrets: a list of {env, secret, key}; each becomes a file, named by env + _FILE
*/}}
{{- define "mesh.workload" -}}
{{- $values := index .root.Values.services .service -}}
{{- $context := merge (dict "values" $values "secretFiles" (include "mesh.secretFiles" . | fromYamlArray)) . -}}
{{- include "mesh.serviceAccount" $context }}
---
{{ include "mesh.configMap" $context }}
---
{{ include "mesh.deployment" $context }}
---
{{ include "mesh.service" $context }}
---
{{ include "mesh.networkPolicy" $context }}
{{- if gt (int $values.replicas) 1 }}
---
{{ include "mesh.disruptionBudget" $context }}
{{- end }}
{{- end }}

{{/* Secrets and connection strings as one list of {env, secret, key, volume}. */}}
{{- define "mesh.secretFiles" -}}
{{- $names := dict "mongoDb" "MongoDb" "redis" "Redis" "rabbitMq" "RabbitMq" -}}
{{- $files := list -}}
{{- range $store := .stores -}}
{{- $secret := (index $.root.Values.stores $store).secret -}}
{{- $files = append $files (dict "env" (printf "ConnectionStrings__%s" (index $names $store)) "secret" $secret "key" $.service "volume" ($store | kebabcase)) -}}
{{- end -}}
{{- $internalKey := dict "env" "MESH_INTERNAL_KEY" "secret" .root.Values.secrets.internalKey "key" "key" -}}
{{- range prepend (.secrets | default list) $internalKey -}}
{{- if .secret -}}
{{- $files = append $files (merge (dict "volume" (.env | lower | replace "_" "-" | trimPrefix "-")) .) -}}
{{- end -}}
{{- end -}}
{{- $files | toYaml -}}
{{- end }}

{{- define "mesh.serviceAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ .service }}
  labels:
    {{- include "mesh.labels" . | nindent 4 }}
automountServiceAccountToken: false
{{- end }}

{{- define "mesh.configMap" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .service }}
  labels:
    {{- include "mesh.labels" . | nindent 4 }}
data:
  Mesh__InternalPort: "5081"
  {{- if .callersPort }}
  Mesh__CallersPort: "5080"
  {{- end }}
  # Where the others are; who of them answers is said by their NetworkPolicy.
  {{- range without (keys .root.Values.services | sortAlpha) .service }}
  Services__{{ . }}: http://{{ . }}:5081
  {{- end }}
  {{- with .root.Values.telemetry.otlpEndpoint }}
  OTEL_EXPORTER_OTLP_ENDPOINT: {{ . | quote }}
  {{- end }}
  {{- range $name, $value := .env }}
  {{- if ne ($value | toString) "" }}
  {{ $name }}: {{ $value | toString | quote }}
  {{- end }}
  {{- end }}
  {{- range .secretFiles }}
  {{ .env }}_FILE: /run/secrets/mesh/{{ .volume }}/{{ .key }}
  {{- end }}
{{- end }}

{{- define "mesh.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .service }}
  labels:
    {{- include "mesh.labels" . | nindent 4 }}
spec:
  selector:
    {{- include "mesh.selector" . | nindent 4 }}
  ports:
    - name: mesh
      port: 5081
      targetPort: mesh
      appProtocol: kubernetes.io/h2c
    {{- if .callersPort }}
    - name: callers
      port: 5080
      targetPort: callers
      appProtocol: kubernetes.io/h2c
    {{- end }}
{{- end }}

{{- define "mesh.disruptionBudget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .service }}
  labels:
    {{- include "mesh.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      {{- include "mesh.selector" . | nindent 6 }}
{{- end }}
