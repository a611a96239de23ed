{{/* Labels that select the pods of one service. Takes {root, service}. */}}
{{- define "mesh.selector" -}}
app.kubernetes.io/name: {{ .service }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/part-of: mesh
{{- end }}

{{/* Labels of everything that belongs to one service. Takes {root, service}. */}}
{{- define "mesh.labels" -}}
{{ include "mesh.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{/* The image of one service. Takes {root, service, values}. */}}
{{- define "mesh.image" -}}
{{- $image := .root.Values.image -}}
{{- .values.image | default (printf "%s/%s:%s" $image.repository .service ($image.tag | default .root.Chart.AppVersion)) -}}
{{- end }}
